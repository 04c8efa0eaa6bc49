"""`hopchain packet` and `hopchain agreement`, as people call them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.cli.main import run
from hopchain_core.domain.review import Outcome
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.packets import open_packet
from tests.core.packets.asked import PEOPLE, asked


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Twelve questions, one round with gold, nobody has answered."""
    with asked(tmp_path / "project", 12) as made:
        made.set_gold(made.chains()[0].key)
        made.open_round(RoundTerms(gold_share=0.1))
    return tmp_path / "project" / "p.hopchain"


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Any:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def answer(path: Path, texts: str = "5", seconds: float = 8.0) -> None:
    with open_packet(path) as packet:
        n = 0
        while (item := packet.next()) is not None:
            packet.answer(item.id, Outcome.ANSWERED, texts[n % len(texts)], active_seconds=seconds)
            n += 1


def test_that_packets_go_out_are_answered_and_come_back(project: Path, tmp_path: Path, call: Any) -> None:
    out = tmp_path / "out"
    out.mkdir()
    names = [part for name in PEOPLE for part in ("--for", name)]
    code, said, _ = call("packet", "make", project, out, *names)
    assert code == 0
    assert said.count("Round 1 for") == 4
    files = sorted(out.iterdir())
    assert [f.name for f in files] == [f"{name}-round-1.hopchain-packet" for name in PEOPLE]
    for path in files[:2]:
        answer(path)
    code, said, _ = call("packet", "merge", project, *files)
    assert code == 0
    assert "ann-round-1.hopchain-packet: 12 of 12 answered by ann (Round 1)" in said
    assert "cat-round-1.hopchain-packet: 0 of 12 answered by cat (Round 1)" in said
    assert "taken: 24 new, 0 in place" in said
    code, said, _ = call("packet", "merge", project, *files)
    assert "taken: 0 new, 0 in place" in said
    assert "left: 24 there already" in said


def test_that_json_says_the_same(project: Path, tmp_path: Path, call: Any) -> None:
    code, said, _ = call("packet", "make", project, tmp_path / "a", "--for", "ann", "--json")
    (made,) = json.loads(said)["packets"]
    path = Path(made["file"])
    assert code == 0
    assert path.name == "a.hopchain-packet"
    assert (made["annotator"], made["items"], made["how"], made["bytes"]) == ("ann", 12, "include", path.stat().st_size)
    answer(path)
    shown = json.loads(call("packet", "show", path, "--json")[1])
    assert (shown["annotator"], shown["items"], shown["answered"], shown["title"]) == ("ann", 12, 12, "Round 1")
    merged = json.loads(call("packet", "merge", project, path, "--json")[1])
    assert {name: merged[name] for name in ("new", "same", "replaced", "older", "stale", "conflicts")} == {
        "new": 12, "same": 0, "replaced": 0, "older": 0, "stale": 0, "conflicts": [],
    }  # fmt: skip


def test_that_show_says_whom_it_is_for_and_how_far(project: Path, tmp_path: Path, call: Any) -> None:
    path = tmp_path / "a.hopchain-packet"
    call("packet", "make", project, path, "--for", "ann", "--pictures", "reference")
    with open_packet(path) as packet:
        item = packet.next()
        assert item is not None
        packet.answer(item.id, Outcome.BAD)
    code, said, _ = call("packet", "show", path)
    assert code == 0
    assert said.startswith("Round 1 for ann\n1 of 12 answered\n3 pictures, referred to\n")


def test_that_conflicts_and_stale_answers_are_reported(project: Path, tmp_path: Path, call: Any) -> None:
    from hopchain_core.project import Project

    first, second = tmp_path / "1.hopchain-packet", tmp_path / "2.hopchain-packet"
    for path, text in ((first, "1"), (second, "2")):
        call("packet", "make", project, path, "--for", "ann")
        answer(path, text)
    with Project.open(project) as opened, opened.read() as read:
        image = next(iter(read.images()))
        key = next(iter(read.chains(image.key))).chain.key
    with Project.open(project) as opened:
        opened.edit_chain(key, question="A clearer one?")
    _, said, _ = call("packet", "merge", project, first, second)
    assert "stale: 1 to questions that have been edited since" in said
    assert "conflicting: 12, the later answer stands" in said
    assert said.count(" ann: 2, not 1") == 12


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda data: data[: len(data) // 2], "damaged"),
        (lambda data: b"hello", "not a packet"),
        (lambda data: data.replace(b"Question 003", b"Question 9x9"), "questions are not those"),
    ],
)
def test_that_a_refused_packet_is_one_line_and_exit_code_1(
    project: Path, tmp_path: Path, call: Any, spoil: Any, words: str
) -> None:
    path = tmp_path / "a.hopchain-packet"
    call("packet", "make", project, path, "--for", "ann")
    answer(path)
    path.write_bytes(spoil(path.read_bytes()))
    code, said, error = call("packet", "merge", project, path)
    assert (code, said) == (1, "")
    assert error.startswith("error: a.hopchain-packet ")
    assert words in error
    assert error.count("\n") == 1
    assert "nobody has answered" in call("agreement", project)[1]


def test_that_several_people_need_a_folder(project: Path, tmp_path: Path, call: Any) -> None:
    code, _, error = call("packet", "make", project, tmp_path / "a", "--for", "ann", "--for", "bob")
    assert code == 1
    assert "is no folder" in error
    code, _, error = call("packet", "make", project, tmp_path / "a", "--for", "eve")
    assert code == 1
    assert "There is no annotator 'eve'" in error


def test_that_agreement_is_said_overall_by_group_and_by_person(project: Path, tmp_path: Path, call: Any) -> None:
    for name, texts, seconds in (("ann", "1234", 9.0), ("bob", "1234", 9.0), ("cat", "5678", 9.0)):
        path = tmp_path / f"{name}.hopchain-packet"
        call("packet", "make", project, path, "--for", name)
        answer(path, texts, seconds)
        call("packet", "merge", project, path)
    code, said, _ = call("agreement", project)
    assert code == 0
    assert said.startswith("alpha           ")
    assert "over 11 questions with 33 answers" in said
    for words in ("quagga", "hop count", "composer", "with the rest", "seconds (quartiles)", "0/1"):
        assert words in said
    report = json.loads(call("agreement", project, "--json")[1])
    assert report["overall"]["questions"] == 11
    assert report["groups"]["hop_count"].keys() == {"2"}
    assert set(report["groups"]["category"]) == {"quagga", "xylophone", "zither"}
    assert report["groups"]["composer"]["vlm"] == {
        **report["groups"]["hop_count"]["2"],
        "interval": pytest.approx(report["groups"]["composer"]["vlm"]["interval"]),
    }
    ann = report["people"][0]
    assert (ann["name"], ann["answered"], ann["gold"], ann["pairs"]) == ("ann", 12, 1, 22)
    assert ann["seconds"] == {"q1": 9.0, "median": 9.0, "q3": 9.0}


def test_that_agreement_without_answers_says_so(project: Path, call: Any) -> None:
    assert call("agreement", project) == (0, "nobody has answered anything yet\n", "")
    assert json.loads(call("agreement", project, "--json")[1])["overall"]["alpha"] is None


def test_that_who_is_far_quicker_is_marked(tmp_path: Path, call: Any) -> None:
    with asked(tmp_path / "project", 24) as made:
        made.open_round()
        for name, seconds in zip(PEOPLE, (20.0, 22.0, 3.0, 18.0), strict=True):
            source = made.blind(name)
            while (item := source.next()) is not None:
                source.answer(item.id, Outcome.ANSWERED, "4", active_seconds=seconds)
    _, said, _ = call("agreement", tmp_path / "project" / "p.hopchain")
    assert "! cat: at least 2 times as fast as the others" in said
    assert said.count("!") == 2
