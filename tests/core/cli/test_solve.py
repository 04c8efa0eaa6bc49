"""Answering in a terminal: what a person types, and what is kept of it."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from hopchain_core.blind import BlindItem, BlindSource, Draft
from hopchain_core.cli.main import run
from hopchain_core.cli.solving import HELP, IDLE_CAP_S, Sitting, plain
from hopchain_core.domain.review import AmbiguityReason, Outcome
from hopchain_core.packets import PacketSource, open_packet
from hopchain_core.packets.file import reading
from tests.core.cli.conftest import ROOT, Hopchain
from tests.core.packets.asked import asked, question


@pytest.fixture
def project(tmp_path: Path) -> Path:
    with asked(tmp_path / "project") as made:
        made.open_round()
    return made.path


@pytest.fixture
def packet(project: Path, tmp_path: Path) -> Path:
    assert run(["packet", "make", str(project), str(tmp_path / "a.hopchain-packet"), "--for", "ann"]) == 0
    return tmp_path / "a.hopchain-packet"


class Typist:
    """Types lines into a sitting, each after some seconds, and keeps what was shown."""

    def __init__(self, source: BlindSource, *lines: str, seconds: float = 2.0, **options: bool) -> None:
        self.shown: list[str] = []
        self.now = 0.0
        self._lines, self._seconds = list(lines), seconds
        Sitting(source, lambda item: Path("/pictures") / item.path, self._ask, self.shown.append,
                clock=lambda: self.now, **options).run()  # fmt: skip

    def _ask(self, prompt: str) -> str:
        self.now += self._seconds
        if not self._lines:
            raise EOFError
        return self._lines.pop(0)

    @property
    def text(self) -> str:
        return "\n".join(self.shown)


@pytest.fixture
def source(packet: Path) -> Iterator[PacketSource]:
    with open_packet(packet) as opened:
        yield opened


def test_that_each_line_answers_the_question_shown(source: PacketSource) -> None:
    order = [item.question for item in source.ahead(9)]
    typed = Typist(source, "12", "n", "b 3", "x", "twelve", "1/2")
    assert [(g.outcome, g.text) for g in reversed(source.recent())] == [
        (Outcome.ANSWERED, "12"),
        (Outcome.CANNOT_TELL, ""),
        (Outcome.AMBIGUOUS, ""),
        (Outcome.BAD, ""),
        (Outcome.ANSWERED, "12"),
        (Outcome.ANSWERED, "0.5"),
    ]
    assert source.recent()[3].reason is AmbiguityReason.TEXT
    assert [line for line in typed.shown if line.startswith("Question")] == order
    assert typed.shown[-1] == "\nEverything is answered."


def test_that_the_picture_the_progress_and_the_question_are_shown(source: PacketSource) -> None:
    item = source.next()
    assert item is not None
    typed = Typist(source, "1", "q")
    assert f"picture: /pictures/{item.path} (64 × 48)" in typed.text
    assert "\n0 of 6 answered, 0 in this sitting" in typed.shown
    assert "\n1 of 6 answered, 1 in this sitting" in typed.shown
    assert typed.shown[0] == "Round 1, answered by ann. o opens the picture, ? shows all keys."


def test_that_what_is_no_number_is_asked_again(source: PacketSource) -> None:
    typed = Typist(source, "many", "1 or 2", "", "4", "q")
    assert [g.text for g in source.recent()] == ["4"]
    assert sum("is not one number" in line or "more than one number" in line for line in typed.shown) == 2


def test_that_a_reason_is_asked_for_and_nothing_is_given_without_one(source: PacketSource) -> None:
    typed = Typist(source, "b", "", "b", "9", "B", "2", "q")
    (given,) = source.recent()
    assert (given.outcome, given.reason) == (Outcome.AMBIGUOUS, AmbiguityReason.COUNT)
    assert typed.text.count("Not given") == 2


def test_that_notes_go_with_the_answer(source: PacketSource) -> None:
    Typist(source, "m hard to see", "7", "m wrong", "m", "8", "q")
    assert [(g.text, g.note) for g in reversed(source.recent())] == [("7", "hard to see"), ("8", "")]


def test_that_undo_goes_back_to_the_question(source: PacketSource) -> None:
    typed = Typist(source, "u", "1", "2", "u", "3", "q")
    assert [g.text for g in source.recent()] == ["3", "1"]
    assert "  There is nothing to take back." in typed.shown
    assert "  typed before: 2" in typed.shown


def test_that_what_is_put_off_comes_last(source: PacketSource) -> None:
    first = source.next()
    assert first is not None
    typed = Typist(source, "s", "1", "2", "3", "4", "5", "6")
    assert typed.shown[-1] == "\nEverything is answered."
    assert source.recent()[0].item == first.id
    assert any("1 put off" in line for line in typed.shown)


def test_that_an_earlier_answer_is_opened_again_and_replaced(source: PacketSource) -> None:
    typed = Typist(source, "1", "2", "r", "2", "11", "r 9", "r", "", "q")
    assert [g.text for g in source.recent()] == ["11", "2"]
    assert "  so far: answered 1" in typed.shown
    assert typed.text.count("None of them opened.") == 2


def test_that_an_opened_answer_stands_when_it_is_left(source: PacketSource) -> None:
    Typist(source, "m why", "1", "r 1", "s", "2", "q")
    assert [(g.text, g.note) for g in reversed(source.recent())] == [("1", "why"), ("2", "")]


def test_that_active_seconds_add_up_and_a_long_absence_counts_for_little(source: PacketSource) -> None:
    Typist(source, "m x", "?", "5", "q", seconds=3.0)
    assert source.recent()[0].active_seconds == 9.0
    Typist(source, "6", "q", seconds=5000.0)
    assert source.recent()[0].active_seconds == pytest.approx(3.0 + IDLE_CAP_S)


def test_that_time_spent_before_stopping_is_kept(source: PacketSource) -> None:
    Typist(source, seconds=7.0)
    item = source.next()
    assert item is not None
    assert source.draft(item.id) == Draft(active_seconds=7.0)


def test_that_the_goal_is_said_once_when_it_is_reached(source: PacketSource) -> None:
    source.set_goal(2)
    typed = Typist(source, "1", "2", "3", "q")
    assert typed.text.count("That is your goal of 2") == 1


def test_that_every_key_stands_in_the_help(source: PacketSource) -> None:
    assert HELP in Typist(source, "?", "q").shown
    for key in "nbxmsouqr":
        assert f"  {key}" in HELP


def test_that_pictures_are_opened_by_key_or_by_themselves(
    source: PacketSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(click, "launch", lambda path: opened.append(path) or len(opened) > 1)
    typed = Typist(source, "o", "o", "q")
    assert opened == ["/pictures/picture-1"] * 2
    assert typed.text.count("No program was found") == 1
    Typist(source, "1", "q", opens_pictures=True)
    assert len(opened) == 4


def test_that_text_from_a_file_cannot_steer_the_terminal() -> None:
    assert plain("a\x1b[2Jb\rc\nd\u202e") == "a�[2Jb�c\nd�"


def test_that_a_packet_is_answered_on_a_machine_without_its_project(
    packet: Path, project: Path, tmp_path: Path, hopchain: Hopchain
) -> None:
    away = tmp_path / "away"
    away.mkdir()
    moved = packet.rename(away / packet.name)
    hidden = project.parent.rename(tmp_path / "hidden")
    done = _typed(moved, "12\nn\nm a note\nb 1\n", hopchain)
    assert done.returncode == 0, done.stderr
    assert "3 of 6 answered, 3 in this sitting." in done.stdout
    assert f"Go on with: hopchain solve {moved}" in done.stdout
    again = _typed(moved, "1\n2\n3\n", hopchain)
    assert "Everything is answered." in again.stdout
    assert "6 of 6 answered, 3 in this sitting." in again.stdout
    assert not list(away.glob("*.lock"))
    merged = hopchain("packet", "merge", hidden / "p.hopchain", moved)
    assert "6 of 6 answered by ann" in merged.stdout, merged.stderr


def _typed(source: Path, lines: str, hopchain: Hopchain, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "hopchain_core.cli", "solve", str(source), *options],
        input=lines,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


def test_that_a_project_is_answered_under_a_name(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(project)]) == 2
    assert "--as NAME" in capsys.readouterr().err
    assert run(["solve", str(project), "--as", "eve"]) == 1
    assert "no annotator" in capsys.readouterr().err


def test_that_the_picture_of_a_project_is_shown_with_its_path(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("builtins.input", _lines("5", "q"))
    assert run(["solve", str(project), "--as", "bob", "--goal", "1"]) == 0
    said = capsys.readouterr().out
    assert f"picture: {project.parent}/pictures/picture " in said
    assert "That is your goal of 1" in said
    assert f"Go on with: hopchain solve {project} --as bob" in said


def test_that_the_picture_of_a_packet_lies_there_while_it_is_answered(
    packet: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    seen: list[Path] = []

    def look(prompt: str) -> str:
        line = next(line for line in reversed(capsys.readouterr().out.split("\n")) if line.startswith("picture: "))
        seen.append(Path(line.removeprefix("picture: ").rpartition(" (")[0]))
        assert seen[-1].read_bytes().startswith(b"\x89PNG")
        return "q"

    monkeypatch.setattr("builtins.input", look)
    assert run(["solve", str(packet)]) == 0
    assert seen[0].suffix == ".png"
    assert not seen[0].exists()


def test_that_a_packet_is_for_one_person(packet: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["solve", str(packet), "--as", "bob"]) == 1
    assert "is for ann, not for bob" in capsys.readouterr().err
    assert not packet.with_name(packet.name + ".lock").exists()


def test_that_a_closed_round_is_said_and_nothing_is_asked(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from hopchain_core.project import Project

    with Project.open(project) as opened:
        opened.close_round(1)
    assert run(["solve", str(project), "--as", "ann", "--round", "1"]) == 1
    assert "closed" in capsys.readouterr().err


def _lines(*lines: str) -> Callable[[str], str]:
    waiting = list(lines)
    return lambda prompt: waiting.pop(0)


def test_that_a_killed_terminal_keeps_every_answer(packet: Path) -> None:
    with _Terminal(packet) as terminal:
        for number in range(3):
            terminal.wait_for("> ")
            terminal.type(f"{number}\r")
            terminal.wait_for(f"answered {number}")
        os.kill(terminal.pid, signal.SIGKILL)
    with reading(packet) as rows:
        assert sorted(given.text for given in rows.answers()) == ["0", "1", "2"]


def test_that_ctrl_c_stops_and_says_how_to_go_on(packet: Path) -> None:
    with _Terminal(packet) as terminal:
        terminal.wait_for("> ")
        terminal.type("41\r")
        terminal.wait_for("answered 41")
        terminal.wait_for("> ")
        terminal.type("\x03")
        terminal.wait_for("Go on with: hopchain solve")
        terminal.wait_for("interrupted")
    with open_packet(packet) as opened:
        assert [given.text for given in opened.recent()] == ["41"]


class _Terminal:
    """`hopchain solve` under a real pseudo terminal."""

    def __init__(self, packet: Path) -> None:
        self._packet = packet

    def __enter__(self) -> _Terminal:
        self._ours, theirs = pty.openpty()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "hopchain_core.cli", "solve", str(self._packet)],
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=_take_terminal, env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"},
        )  # fmt: skip
        os.close(theirs)
        self._seen = b""
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._child.wait(timeout=20)
        finally:
            self._child.kill()
            self._child.wait()
            os.close(self._ours)

    @property
    def pid(self) -> int:
        return self._child.pid

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def wait_for(self, words: str) -> None:
        assert self._comes(words, 30), self._seen
        self._seen = self._seen.partition(words.encode())[2]

    def _comes(self, words: str, within_s: float) -> bool:
        deadline = time.monotonic() + within_s
        while words.encode() not in self._seen and time.monotonic() < deadline:
            if select.select([self._ours], [], [], 0.2)[0]:
                try:
                    self._seen += os.read(self._ours, 4096)
                except OSError:
                    break
        return words.encode() in self._seen


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def test_that_fifty_questions_are_answered_without_a_mouse(tmp_path: Path) -> None:
    with asked(tmp_path / "project", 50) as project:
        project.open_round()
        path = project.make_packet("ann", tmp_path).path
    with open_packet(path) as source:
        shown: list[BlindItem] = list(source.ahead(50))
        Typist(source, *[str(number) for number in range(50)])
        assert [g.item for g in reversed(source.recent(50))] == [item.id for item in shown]
        assert source.next() is None
    assert question(49) in {item.question for item in shown}
