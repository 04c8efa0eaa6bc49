"""Annotators given another name: everything of theirs goes with it, packets included."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from hopchain_core.blind import Draft
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.errors import InputError
from hopchain_core.packets.source import open_packet
from tests.core.packets.asked import asked
from tests.core.people.asking import FOUR, Asking, answer_all


def names(asking: Asking) -> list[str]:
    with asking.project.read() as read:
        return [person.name for person in read.annotators()]


def test_that_answers_and_rounds_go_with_a_new_name_and_come_back_on_undo(asking: Asking) -> None:
    asking.add(*FOUR)
    opened = asking.project.open_round(RoundTerms())
    given = answer_all(asking.project.blind("Ada"), at_most=3)
    with asking.project.read() as read:
        before = read.assignment(opened.id, "Ada")
    asking.project.rename_annotator("Ada", "  Ada   Lovelace ")
    assert names(asking) == ["Ada Lovelace", "Ben", "Cem", "Dora"]
    with asking.project.read() as read:
        assert read.assignment(opened.id, "Ada Lovelace") == before
        assert read.assignment(opened.id, "Ada") == ()
        assert {row.annotator for row in read.answer_rows()} == {"Ada Lovelace"}
        assert len(read.answer_rows()) == len(given)
    left = answer_all(asking.project.blind("Ada Lovelace"))
    assert len(left) == len(before) - len(given)
    for _ in range(len(left) + 1):
        asking.project.undo()
    assert names(asking) == list(FOUR)
    with asking.project.read() as read:
        assert {row.annotator for row in read.answer_rows()} == {"Ada"}
    asking.project.redo()
    assert names(asking)[0] == "Ada Lovelace"


def test_that_what_was_typed_is_there_under_the_new_name_and_after_undo(asking: Asking) -> None:
    asking.add("Ada")
    asking.project.open_round(RoundTerms())
    source = asking.project.blind("Ada")
    item = source.next()
    assert item is not None
    source.save_draft(item.id, Draft(text="1", active_seconds=2.0))
    source.close()
    asking.project.rename_annotator("Ada", "Ava")
    with closing(asking.project.blind("Ava")) as renamed:
        (same,) = [i for i in renamed.ahead(len(asking.keys)) if i.question == item.question]
        assert renamed.draft(same.id).text == "1"
    asking.project.undo()
    with closing(asking.project.blind("Ada")) as back:
        assert back.draft(item.id).text == "1"


@pytest.mark.parametrize(
    ("name", "new_name", "why"),
    [
        ("Zoe", "Zara", "no annotator 'Zoe'"),
        ("Ada", " ", "1 to 80 characters"),
        ("Ada", "ben", "Ben already"),
        ("Ada", "Ada", "already"),
    ],
)
def test_that_a_name_that_cannot_be_given_is_refused(asking: Asking, name: str, new_name: str, why: str) -> None:
    asking.add("Ada", "Ben")
    with pytest.raises(InputError, match=why):
        asking.project.rename_annotator(name, new_name)
    assert names(asking) == ["Ada", "Ben"]


def test_that_a_former_name_is_nobody_elses_but_can_be_taken_back(asking: Asking) -> None:
    asking.add("Ada", "Ben")
    asking.project.rename_annotator("Ada", "Ava")
    for attempt in (
        lambda: asking.project.add_annotator("ada"),
        lambda: asking.project.rename_annotator("Ben", "Ada"),
    ):
        with pytest.raises(InputError, match="Ava was called"):
            attempt()
    asking.project.rename_annotator("Ava", "AVA")
    asking.project.rename_annotator("AVA", "Ada")
    assert names(asking) == ["Ada", "Ben"]


def test_that_packets_made_before_still_merge_whatever_the_person_is_called(tmp_path: Path) -> None:
    with asked(tmp_path / "project") as made:
        made.open_round()
        out = tmp_path / "ann.hopchain-packet"
        made.make_packet("ann", out)
        with open_packet(out) as source:
            n = len(answer_all(source))
        made.rename_annotator("ann", "First")
        made.rename_annotator("First", "Second")
        assert made.merge_packets([out]).answers.new == n > 0
        assert {person for _, person in made.answers()} == {"Second"}
        assert made.merge_packets([out]).answers.same == n
        # Back to the name before, the answers are still that person's.
        made.rename_annotator("Second", "ann")
        assert made.merge_packets([out]).answers.same == n
        assert {person for _, person in made.answers()} == {"ann"}


def test_that_a_packet_made_under_the_new_name_merges_after_the_old_one_is_back(tmp_path: Path) -> None:
    with asked(tmp_path / "project") as made:
        made.open_round()
        made.rename_annotator("ann", "Anne")
        out = tmp_path / "anne.hopchain-packet"
        assert made.make_packet("Anne", out).header.annotator == "Anne"
        with open_packet(out) as source:
            n = len(answer_all(source, at_most=2))
        made.rename_annotator("Anne", "ann")
        assert made.merge_packets([out]).answers.new == n == 2
        assert {person for _, person in made.answers()} == {"ann"}
