"""Answering a packet: what the blind door promises, and that every answer is on the disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hopchain_core.blind import REOPENABLE, Draft, Hold
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.domain.review import AmbiguityReason, Outcome
from hopchain_core.errors import InputError, PacketError
from hopchain_core.packets import PacketSource, open_packet
from hopchain_core.packets.form import Pictures
from hopchain_core.packets.make import Asked, Order, write_packet
from hopchain_core.packets.seals import new_secret

ROOT = Path(__file__).parents[3]


def packet_of(path: Path, questions: int) -> Path:
    """A packet without a project; its picture is nowhere."""
    image = Image(key=ImageKey("0" * 64), path="a.png", width_px=4, height_px=4)
    asked = [Asked(chain=ChainKey(f"{n:016x}"), question=f"Q{n}", image=image) for n in range(1, questions + 1)]
    order = Order(project="p", secret=new_secret(), round=1, title="Round 1", annotator="ann", asked=asked)
    return write_packet(path, order, path.parent, Pictures.REFERENCE).path


@pytest.fixture
def packet(tmp_path: Path) -> Iterator[PacketSource]:
    with open_packet(packet_of(tmp_path / "a.hopchain-packet", 5)) as opened:
        yield opened


def answer(packet: PacketSource, text: str = "1") -> str:
    item = packet.next()
    assert item is not None
    packet.answer(item.id, Outcome.ANSWERED, text)
    return item.id


def questions(packet: PacketSource) -> list[str]:
    return [item.question for item in packet.ahead(99)]


def test_that_questions_come_in_order_and_then_none(packet: PacketSource) -> None:
    assert questions(packet) == ["Q1", "Q2", "Q3", "Q4", "Q5"]
    for _ in range(5):
        answer(packet)
    assert packet.next() is None
    assert packet.progress().left == 0
    assert packet.hold() is Hold.NONE


def test_that_a_number_is_kept_in_its_canonical_text(packet: PacketSource) -> None:
    item = packet.next()
    assert item is not None
    given = packet.answer(item.id, Outcome.ANSWERED, " 1,200.50 ", note="sure", active_seconds=3.25)
    assert (given.text, given.note, given.active_seconds) == ("1200.5", "sure", 3.25)
    assert packet.recent() == (given,)


@pytest.mark.parametrize("text", ["", "many", "1 or 2", "1/3"])
def test_that_what_is_no_number_is_refused_and_nothing_is_kept(packet: PacketSource, text: str) -> None:
    item = packet.next()
    assert item is not None
    with pytest.raises(InputError):
        packet.answer(item.id, Outcome.ANSWERED, text)
    assert packet.next() == item
    assert packet.recent() == ()


def test_that_a_reason_goes_with_ambiguous_only(packet: PacketSource) -> None:
    item = packet.next()
    assert item is not None
    with pytest.raises(InputError, match="ambiguous"):
        packet.answer(item.id, Outcome.BAD, reason=AmbiguityReason.COUNT)
    given = packet.answer(item.id, Outcome.AMBIGUOUS, "ignored", reason=AmbiguityReason.COUNT)
    assert (given.text, given.reason) == ("", AmbiguityReason.COUNT)


def test_that_what_is_put_off_comes_last_in_the_order_it_was_put_off(packet: PacketSource) -> None:
    for wanted in ("Q1", "Q2"):
        item = packet.next()
        assert item is not None
        assert item.question == wanted
        packet.skip(item.id)
    assert questions(packet) == ["Q3", "Q4", "Q5", "Q1", "Q2"]
    assert packet.progress().skipped == 2
    for _ in range(4):
        answer(packet)
    last = packet.next()
    assert last is not None
    packet.skip(last.id)
    assert questions(packet) == ["Q2"]


def test_that_undo_returns_to_the_item_with_what_was_said(packet: PacketSource) -> None:
    answer(packet, "1")
    item = packet.next()
    assert item is not None
    packet.answer(item.id, Outcome.ANSWERED, "77", note="hm", active_seconds=5.0)
    assert packet.undo() == item
    assert packet.next() == item
    assert packet.draft(item.id) == Draft(text="77", note="hm", active_seconds=5.0)
    assert [given.text for given in packet.recent()] == ["1"]
    assert packet.undo() is not None
    assert packet.undo() is None
    assert questions(packet) == ["Q1", "Q2", "Q3", "Q4", "Q5"]


def test_that_undo_comes_back_first_even_when_all_others_were_put_off(packet: PacketSource) -> None:
    first = answer(packet)
    for _ in range(8):
        item = packet.next()
        assert item is not None
        packet.skip(item.id)
    back = packet.undo()
    assert back is not None
    assert back.id == first
    assert packet.next() == back


def test_that_an_answer_stands_until_a_reopened_item_gets_another(packet: PacketSource) -> None:
    item = answer(packet, "1")
    with pytest.raises(InputError, match="answered already"):
        packet.answer(item, Outcome.ANSWERED, "2")
    assert packet.reopen(item).text == "1"
    assert packet.recent()[0].text == "1"
    packet.answer(item, Outcome.ANSWERED, "2")
    assert [given.text for given in packet.recent()] == ["2"]
    with pytest.raises(InputError, match="answered already"):
        packet.answer(item, Outcome.ANSWERED, "3")


def test_that_only_the_last_answers_can_be_reopened(tmp_path: Path) -> None:
    with open_packet(packet_of(tmp_path / "a.hopchain-packet", REOPENABLE + 1)) as packet:
        first = answer(packet)
        second = answer(packet)
        for _ in range(REOPENABLE - 1):
            answer(packet)
        assert len(packet.recent()) == REOPENABLE
        with pytest.raises(InputError, match="last 20"):
            packet.reopen(first)
        assert packet.reopen(second)


def test_that_drafts_goal_and_sitting_are_kept_as_they_should(packet: PacketSource) -> None:
    item = packet.next()
    assert item is not None
    packet.save_draft(item.id, Draft(text="1", note="n", active_seconds=2.0))
    packet.set_goal(3)
    answer(packet)
    path = packet.path
    assert packet.draft(item.id) == Draft()
    other = packet.next()
    assert other is not None
    packet.save_draft(other.id, Draft(text="9"))
    packet.close()
    with open_packet(path) as again:
        assert again.next() == other
        assert again.draft(other.id) == Draft(text="9")
        progress = again.progress()
        assert (progress.answered, progress.total, progress.in_sitting, progress.goal) == (1, 5, 0, None)


def test_that_an_item_of_another_packet_is_refused(packet: PacketSource) -> None:
    for call in (packet.item, packet.draft, packet.skip, packet.reopen, packet.read_picture):
        with pytest.raises(InputError):
            call("1-1")
    with pytest.raises(InputError):
        packet.answer("1-1", Outcome.BAD)


@pytest.mark.parametrize("seconds", [-1.0, float("nan"), float("inf")])
def test_that_impossible_times_and_endless_notes_are_refused(packet: PacketSource, seconds: float) -> None:
    item = packet.next()
    assert item is not None
    with pytest.raises(InputError):
        packet.answer(item.id, Outcome.BAD, active_seconds=seconds)
    with pytest.raises(InputError):
        packet.save_draft(item.id, Draft(note="x" * 200_000))
    with pytest.raises(InputError):
        packet.set_goal(0)


def test_that_half_a_character_in_a_note_does_not_break_the_file(packet: PacketSource) -> None:
    item = packet.next()
    assert item is not None
    packet.answer(item.id, Outcome.BAD, note="a\udce4b")
    packet.close()
    with open_packet(packet.path) as again:
        assert again.recent()[0].note == "a?b"


def test_that_later_answers_are_later_even_when_the_clock_goes_back(
    packet: PacketSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hopchain_core.packets import source

    answer(packet)
    before = packet.recent()[0].answered_at

    class Yesterday(source.datetime):
        @classmethod
        def now(cls, tz: object = None) -> Yesterday:  # type: ignore[override]
            return cls(2001, 1, 1, tzinfo=source.UTC)

    monkeypatch.setattr(source, "datetime", Yesterday)
    answer(packet)
    assert packet.recent()[0].answered_at > before


def test_that_a_full_disk_keeps_what_was_there_and_the_answer_can_be_given_again(packet: PacketSource) -> None:
    answer(packet, "1")
    item = packet.next()
    assert item is not None
    before = (packet.progress(), questions(packet), packet.recent())
    (pages,) = packet._connection.execute("PRAGMA page_count").fetchone()
    packet._connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(PacketError, match="could not be read or written") as caught:
        packet.answer(item.id, Outcome.BAD, note="x" * 50_000)
    assert "disk space" in caught.value.hint
    assert (packet.progress(), questions(packet), packet.recent()) == before
    packet._connection.execute("PRAGMA max_page_count = 100000")
    packet.answer(item.id, Outcome.BAD, note="x" * 50_000)
    packet.close()
    with open_packet(packet.path) as again:
        assert [given.outcome for given in again.recent()] == [Outcome.BAD, Outcome.ANSWERED]


def test_that_a_closed_packet_says_so(packet: PacketSource) -> None:
    item = packet.next()
    assert item is not None
    packet.close()
    packet.close()
    with pytest.raises(PacketError, match="closed"):
        packet.answer(item.id, Outcome.BAD)


def test_that_threads_can_answer_and_look_at_once(tmp_path: Path) -> None:
    with open_packet(packet_of(tmp_path / "a.hopchain-packet", 40)) as packet:
        items = packet.ahead(40)

        def some(part: int) -> None:
            for item in items[part::4]:
                packet.answer(item.id, Outcome.ANSWERED, str(part))
                packet.progress()
                packet.ahead()

        threads = [threading.Thread(target=some, args=(part,)) for part in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        times = [given.answered_at for given in packet.recent(40)]
        assert len(set(times)) == 40
        assert packet.next() is None


KILLED = """
import os, signal, sys
from pathlib import Path
from hopchain_core.domain.review import Outcome
from hopchain_core.packets import open_packet
packet = open_packet(Path(sys.argv[1]))
while True:
    item = packet.next()
    packet.answer(item.id, Outcome.ANSWERED, "7")
    print(item.question, flush=True)
"""


def test_that_what_was_answered_before_a_kill_is_there(tmp_path: Path) -> None:
    path = packet_of(tmp_path / "a.hopchain-packet", 2000)
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    told = [child.stdout.readline().strip() for _ in range(25)]
    child.send_signal(signal.SIGKILL)
    told += [line.strip() for line in child.stdout.read().split("\n") if line.strip()]
    child.stdout.close()
    child.wait()
    with open_packet(path) as packet:
        kept = len(packet.recent(3000))
        assert kept in (len(told), len(told) + 1)
        assert questions(packet)[0] == f"Q{kept + 1}"


class Answering(RuleBasedStateMachine):
    """Against a model: whatever is done, and however often it is opened again, the file says the same."""

    def __init__(self) -> None:
        super().__init__()
        import tempfile

        self.folder = tempfile.TemporaryDirectory()
        self.packet = open_packet(packet_of(Path(self.folder.name) / "a.hopchain-packet", 4))
        self.order = [item.id for item in self.packet.ahead(4)]
        self.queue = list(self.order)
        self.given: dict[str, str] = {}

    def teardown(self) -> None:
        self.packet.close()
        self.folder.cleanup()

    @precondition(lambda self: self.queue)
    @rule(text=st.integers(0, 99))
    def answer_next(self, text: int) -> None:
        item = self.queue.pop(0)
        self.packet.answer(item, Outcome.ANSWERED, str(text))
        self.given[item] = str(text)

    @precondition(lambda self: self.queue)
    @rule()
    def put_off(self) -> None:
        item = self.queue.pop(0)
        self.packet.skip(item)
        self.queue.append(item)

    @rule()
    def take_back(self) -> None:
        found = self.packet.undo()
        if not self.given:
            assert found is None
            return
        item = list(self.given)[-1]
        del self.given[item]
        assert found is not None
        assert found.id == item
        self.queue.insert(0, item)

    @precondition(lambda self: self.given)
    @rule(text=st.integers(0, 99), data=st.data())
    def reopen(self, text: int, data: st.DataObject) -> None:
        item = data.draw(st.sampled_from(sorted(self.given)))
        assert self.packet.reopen(item).text == self.given.pop(item)
        self.packet.answer(item, Outcome.ANSWERED, str(text))
        self.given[item] = str(text)

    @rule()
    def open_again(self) -> None:
        self.packet.close()
        self.packet = open_packet(self.packet.path)

    @invariant()
    def the_packet_says_what_the_model_says(self) -> None:
        assert [item.id for item in self.packet.ahead(9)] == self.queue
        assert {given.item: given.text for given in self.packet.recent()} == self.given
        assert self.packet.progress().answered == len(self.given)


TestAnswering = Answering.TestCase
TestAnswering.settings = settings(
    max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
