"""Taking answers back: twice changes nothing, and every order gives the same project."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import AmbiguityReason, Outcome, VerdictOutcome
from hopchain_core.edits_answers import MergedAnswers
from hopchain_core.packets import PacketSource, open_packet
from hopchain_core.project_packets import Conflict
from tests.core.packets.asked import PEOPLE, Asking, asked, question
from tests.core.packets.states import dump, meaning


def answer_all(packet: PacketSource, text: str) -> None:
    while (item := packet.next()) is not None:
        packet.answer(item.id, Outcome.ANSWERED, text)


def answer_question(packet: PacketSource, number: int, text: str) -> None:
    """Answers one question, or answers it again."""
    items = {item.question: item.id for item in packet.ahead(99)}
    item = items.get(question(number))
    if item is None:
        item = next(g.item for g in packet.recent() if packet.item(g.item).question == question(number))
        packet.reopen(item)
    packet.answer(item, Outcome.ANSWERED, text)


def made(project: Asking, name: str, path: Path) -> Path:
    return project.make_packet(name, path).path


def test_that_answers_come_back_as_they_were_given(project: Asking, tmp_path: Path) -> None:
    path = made(project, "ann", tmp_path)
    with open_packet(path) as packet:
        first, second, third = (item.id for item in packet.ahead(3))
        packet.answer(first, Outcome.ANSWERED, "1.50", note="sure", active_seconds=4.5)
        packet.answer(second, Outcome.AMBIGUOUS, reason=AmbiguityReason.TEXT)
        packet.answer(third, Outcome.CANNOT_TELL)
        said = {packet.item(g.item).question: g for g in packet.recent()}
        id_of_packet = packet.header.packet
    merged = project.merge_packets([path])
    assert merged.answers == MergedAnswers(new=3)
    by_question = {chain.key: chain.question for chain in project.chains()}
    with project.read() as read:
        kept = [a for key in by_question for a in read.annotations(key)]
    assert len(kept) == 3
    for annotation in kept:
        given_there = said[by_question[annotation.chain]]
        assert annotation.annotator == "ann"
        assert (annotation.outcome, annotation.reason) == (given_there.outcome, given_there.reason)
        assert (annotation.answer.text if annotation.answer else "") == given_there.text
        assert (annotation.note, annotation.active_seconds) == (given_there.note, given_there.active_seconds)
        assert (annotation.round, annotation.source) == (1, id_of_packet)
        assert annotation.answered_at == given_there.answered_at


def test_that_merging_twice_changes_nothing(project: Asking, tmp_path: Path) -> None:
    path = made(project, "ann", tmp_path)
    with open_packet(path) as packet:
        answer_all(packet, "5")
    project.merge_packets([path])
    before, steps = dump(project), project.undo_texts()
    again = project.merge_packets([path, path])
    assert again.answers == MergedAnswers(same=6)
    assert again.conflicts == ()
    assert dump(project) == before
    assert project.undo_texts() == steps == ("Merge answers of ann", None)


def test_that_a_merge_leaves_the_packet_as_it_was(project: Asking, tmp_path: Path) -> None:
    path = made(project, "ann", tmp_path)
    with open_packet(path) as packet:
        answer_all(packet, "5")
    before = path.read_bytes()
    path.chmod(0o444)
    project.merge_packets([path])
    assert path.read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} == {"project", path.name}


def test_that_four_people_make_a_verdict_and_undo_takes_the_merge_back(project: Asking, tmp_path: Path) -> None:
    files = [made(project, name, tmp_path) for name in PEOPLE]
    for path in files:
        with open_packet(path) as packet:
            answer_all(packet, "42")
    before = meaning(project)
    merged = project.merge_packets(files)
    assert (merged.answers.new, len(merged.packets)) == (24, 4)
    with project.read() as read:
        verdicts = [read.verdict(chain.key) for chain in project.chains()]
    assert {(v.outcome, v.label.text) for v in verdicts if v and v.label} == {(VerdictOutcome.AGREED, "42")}
    assert len(verdicts) == 6
    assert project.undo() == "Merge answers of ann, bob, cat, dan"
    assert meaning(project) == before
    project.redo()
    assert len(project.answers()) == 24


def test_that_a_later_state_of_a_packet_replaces_what_was_answered_again(project: Asking, tmp_path: Path) -> None:
    path = made(project, "ann", tmp_path)
    early = tmp_path / "early.hopchain-packet"
    with open_packet(path) as packet:
        answer_question(packet, 0, "1")
        answer_question(packet, 1, "7")
    shutil.copy(path, early)
    with open_packet(path) as packet:
        answer_question(packet, 0, "2")
        answer_question(packet, 2, "8")
    project.merge_packets([early])
    later = project.merge_packets([path])
    assert later.answers == MergedAnswers(new=1, same=1, replaced=1)
    assert [(c.annotator, c.kept, c.dropped) for c in later.conflicts] == [("ann", "2", "1")]
    back = project.merge_packets([early])
    assert back.answers == MergedAnswers(same=1, older=1)
    assert [(c.kept, c.dropped) for c in back.conflicts] == [("2", "1")]
    assert sorted(text for text, _ in project.answers().values()) == ["2", "7", "8"]


def test_that_two_packets_of_one_person_are_settled_by_time_also_in_one_go(project: Asking, tmp_path: Path) -> None:
    one, other = (
        made(project, "ann", tmp_path / "1.hopchain-packet"),
        made(project, "ann", tmp_path / "2.hopchain-packet"),
    )
    for path, text in ((one, "1"), (other, "2")):
        with open_packet(path) as packet:
            answer_question(packet, 3, text)
    merged = project.merge_packets([other, one])
    assert [text for text, _ in project.answers().values()] == ["2"]
    (conflict,) = merged.conflicts
    number = conflict.number
    assert conflict == Conflict(number=number, annotator="ann", kept="2", dropped="1")
    with project.read() as read:
        assert read.chain(str(number)).chain.question == question(3)


def test_that_answers_to_a_question_edited_since_are_kept_and_stale(project: Asking, tmp_path: Path) -> None:
    path = made(project, "ann", tmp_path)
    with open_packet(path) as packet:
        answer_all(packet, "5")
    old = project.chains()[0]
    new = project.edit_chain(old.key, question="Question 000, but clearer: which value?")
    merged = project.merge_packets([path])
    assert (merged.answers.new, merged.answers.stale) == (6, 1)
    with project.read() as read:
        stale = [row.chain_key for row in read.answer_rows() if row.is_stale]
        assert read.annotations(new.key) == ()
    assert stale == [old.key]
    assert project.agreement().people[0].answers == 6


def test_that_an_answer_given_in_the_project_later_stands(project: Asking, tmp_path: Path) -> None:
    path = made(project, "ann", tmp_path)
    with open_packet(path) as packet:
        answer_question(packet, 0, "1")
    source = project.blind("ann")
    item = next(i for i in source.ahead(9) if i.question == question(0))
    source.answer(item.id, Outcome.ANSWERED, "2")
    merged = project.merge_packets([path])
    assert merged.answers.older == 1
    assert [(c.kept, c.dropped) for c in merged.conflicts] == [("2", "1")]


def test_that_a_packet_is_taken_back_after_its_round_was_closed(project: Asking, tmp_path: Path) -> None:
    path = made(project, "ann", tmp_path)
    with open_packet(path) as packet:
        answer_all(packet, "5")
    project.close_round(1)
    assert project.merge_packets([path]).answers.new == 6


def test_that_gold_answered_in_a_packet_is_counted_as_gold(tmp_path: Path) -> None:
    with asked(tmp_path / "project") as project:
        from hopchain_core.domain.rounds import RoundTerms

        for chain in project.chains()[:2]:
            project.set_gold(chain.key)
        project.open_round(RoundTerms(gold_share=0.3))
        path = made(project, "ann", tmp_path)
        with open_packet(path) as packet:
            answer_all(packet, "5")
        project.merge_packets([path])
        (ann,) = project.agreement().people
    assert ann.gold > 0
    assert ann.gold_correct == 0
    assert ann.answers > ann.gold


def test_that_a_packet_stopped_in_the_middle_of_an_answer_is_taken_back(project: Asking, tmp_path: Path) -> None:
    path = made(project, "ann", tmp_path)
    with open_packet(path) as packet:
        answer_question(packet, 0, "1")
        item = packet.ahead(1)[0]
        packet._connection.execute("PRAGMA cache_size = 1")
        packet._connection.execute("PRAGMA cache_spill = 1")
        packet._connection.execute("BEGIN IMMEDIATE")
        packet._connection.execute("INSERT INTO draft VALUES (?, ?, '', 0, 0)", (item.id, "x" * 90_000))
        crashed = tmp_path / "crashed.hopchain-packet"
        shutil.copy(path, crashed)
        shutil.copy(f"{path}-journal", f"{crashed}-journal")
        packet._connection.execute("ROLLBACK")
    assert Path(f"{crashed}-journal").stat().st_size > 0
    assert project.merge_packets([crashed]).answers.new == 1


# Every order


@dataclass(frozen=True)
class State:
    """What somebody has answered when a copy of a packet is sent in."""

    packet: int
    said: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Edit:
    """The curator changes a question."""

    question: int


QUESTIONS = 3
PACKETS = ("ann", "ann", "bob")
"""Whom each packet is for: ann has two, so that she contradicts herself."""

states = st.builds(
    State,
    st.integers(0, len(PACKETS) - 1),
    st.lists(st.tuples(st.integers(0, QUESTIONS - 1), st.integers(0, 2)), min_size=1, max_size=3).map(tuple),
)


@settings(max_examples=7, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=st.lists(states, min_size=1, max_size=4),
    edits=st.lists(st.integers(0, QUESTIONS - 1), max_size=2, unique=True),
    data=st.data(),
)
def test_that_every_order_of_merges_and_edits_gives_the_same_project(
    tmp_path_factory: pytest.TempPathFactory, sent: list[State], edits: list[int], data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("orders")
    with asked(folder / "project", QUESTIONS, ("ann", "bob")) as project:
        project.open_round()
        files = _sent(project, folder, sent)
    events: list[Path | Edit] = [*files, *(Edit(number) for number in edits)]
    orders = [events, events[::-1], data.draw(st.permutations(events)), [*data.draw(st.permutations(events)), *files]]
    found = [_after(folder, number, order) for number, order in enumerate(orders)]
    assert all(other == found[0] for other in found)
    at_once = _after(folder, 99, [*(Edit(number) for number in edits), files])
    assert at_once == found[0]


def test_that_all_orders_of_three_states_give_the_same_project(tmp_path: Path) -> None:
    sent = [State(0, ((0, 1), (1, 1))), State(1, ((0, 2),)), State(0, ((0, 0), (2, 2)))]
    with asked(tmp_path / "project", QUESTIONS, ("ann", "bob")) as project:
        project.open_round()
        files = _sent(project, tmp_path, sent)
    orders = [list(order) for order in permutations(files)]
    found = [_after(tmp_path, n, [*o[: n % 4], Edit(1), *o[n % 4 :]]) for n, o in enumerate(orders)]
    assert len(found) == 6
    assert all(other == found[0] for other in found)
    assert len(found[0]["answers"]) == 3  # type: ignore[arg-type]


def _sent(project: Asking, folder: Path, sent: Sequence[State]) -> list[Path]:
    packets = [made(project, name, folder / f"packet-{n}.hopchain-packet") for n, name in enumerate(PACKETS)]
    files = []
    for number, state in enumerate(sent):
        with open_packet(packets[state.packet]) as packet:
            for asked_for, said in state.said:
                answer_question(packet, asked_for, str(said))
        files.append(folder / f"sent-{number}.hopchain-packet")
        shutil.copy(packets[state.packet], files[-1])
    return files


def _after(folder: Path, number: int, events: Sequence[Path | Edit | list[Path]]) -> dict[str, object]:
    copy = folder / f"order-{number}"
    shutil.copytree(folder / "project", copy)
    with Asking.open(copy / "p.hopchain") as project:
        chains: dict[int, ChainKey] = {n: chain.key for n, chain in enumerate(project.chains())}
        for event in events:
            match event:
                case Edit(question=asked_for):
                    project.edit_chain(chains[asked_for], question=f"Edited {asked_for}")
                case list():
                    project.merge_packets(event)
                case Path():
                    project.merge_packets([event])
        return meaning(project)
