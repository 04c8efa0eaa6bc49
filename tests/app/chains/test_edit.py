"""Editing a chain: what the rules and the masks say meanwhile, what saving does, and what the project then holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.models.draft_picks import Pick, PickField
from app.models.operation_fit import FitState, Kind
from app.presenters.edit_standing import Standing
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Composer, InstanceReference, SetReference
from hopchain_core.domain.findings import Severity
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.domain.rules import audit_chain
from hopchain_core.project import Project
from tests.app.chains.editing import Desk, windowless


@pytest.fixture
def desk(tmp_path: Path, sample_project: Path, qtbot: QtBot) -> Iterator[Desk]:
    """The sample project, nothing being edited."""
    with windowless(tmp_path / "settings.json", sample_project, qtbot) as made:
        yield made


def test_that_findings_are_those_of_the_draft(desk: Desk) -> None:
    stored = desk.begin()
    assert desk.edit.findings == audit_chain(desk.edit.draft, desk.facts(stored))
    desk.edit.set_question("Roughly how many are in the red box?")
    desk.settle()
    assert {"bare", "number"} <= {f.rule for f in desk.edit.findings}
    assert desk.edit.findings == audit_chain(desk.edit.draft, desk.facts(stored))


def test_that_typing_waits_before_the_rules_run_and_only_the_newest_text_counts(desk: Desk, qtbot: QtBot) -> None:
    desk.begin()
    seen = []
    desk.edit.checked.connect(lambda: seen.append(desk.edit.result and desk.edit.result.chain.question))
    for n in range(20):
        desk.edit.set_question(f"How many? {n}")
    assert not desk.edit.is_checked
    desk.settle()
    assert seen == ["How many? 19"]


def test_that_a_result_for_a_chain_left_meanwhile_is_dropped(desk: Desk) -> None:
    first, second = desk.chains()[:2]
    desk.edit.begin(first, desk.facts(first))
    desk.edit.begin(second, desk.facts(second))
    desk.settle()
    assert desk.edit.result is not None
    assert desk.edit.result.chain.images == second.chain.images
    assert desk.edit.result.chain.question == second.chain.question


def test_that_a_difference_says_what_the_masks_say_and_can_be_taken(desk: Desk) -> None:
    stored = desk.begin()
    last = stored.chain.hops[-1]
    desk.edit.set_hop(last.index, output="999")
    desk.edit.set_answer("998")
    desk.settle()
    gives = stored.chain.answer.text
    assert desk.edit.differences[last.index].gives == gives
    assert desk.edit.differences[None].gives == gives
    desk.edit.take(None)
    desk.settle()
    assert desk.edit.state.answer_text == gives
    desk.edit.take(last.index)
    desk.settle()
    assert desk.edit.differences == {}
    assert desk.edit.draft.hops == stored.chain.hops
    assert not desk.edit.is_changed


def test_that_an_object_can_be_taken(desk: Desk) -> None:
    stored = desk.begin()
    found = stored.chain.hops[0].establishes
    other = next(k for k in desk.edit.names if found != (InstanceReference(k),))
    desk.edit.set_hop(1, establishes=(InstanceReference(other),))
    desk.settle()
    assert desk.edit.fits[1].state is FitState.KEPT
    difference = desk.edit.differences[1]
    assert difference.stated.startswith(desk.edit.names[other])
    assert difference.establishes == found
    desk.edit.take_all()
    desk.settle()
    assert desk.edit.draft.hops[0].establishes == found
    assert desk.edit.draft.hops[1].uses == stored.chain.hops[1].uses


def test_that_a_hop_that_asks_something_else_is_saved_without_its_operation(desk: Desk) -> None:
    stored = desk.begin()
    desk.edit.set_hop(1, sub_question="Which of them is different from all others?")
    assert desk.edit.fits[1].state is FitState.DROPPED
    made = desk.save()
    assert made.hops[0].operation is None
    assert [h.operation for h in made.hops[1:]] == [h.operation for h in stored.chain.hops[1:]]
    assert not desk.seen(stored).is_executable


def test_that_saving_makes_one_version_with_what_was_changed(desk: Desk) -> None:
    stored = desk.begin()
    desk.edit.set_question(f"{stored.chain.question} Think twice.")
    desk.edit.set_answer(" 12 ")
    ended = []
    desk.edit.ended.connect(lambda: ended.append(True))
    made = desk.save()
    assert desk.seen(stored) == made
    assert made.version == 2
    assert made.supersedes == stored.chain.key
    assert made.composer is Composer.PERSON
    assert made.question.endswith("Think twice.")
    assert made.answer == Answer.of(12)
    assert made.hops == stored.chain.hops
    assert ended == [True]
    assert not desk.edit.is_editing


def test_that_undo_takes_the_version_back_and_redo_brings_it_again(desk: Desk) -> None:
    stored = desk.begin()
    desk.edit.set_answer("12")
    made = desk.save()
    desk.undo()
    assert desk.seen(stored) == stored.chain
    desk.studio.redo()
    desk.settle()
    assert desk.seen(stored) == made


def test_that_an_answer_that_is_no_number_is_not_saved_and_stays(desk: Desk) -> None:
    stored = desk.begin()
    desk.edit.set_answer("twelve")
    assert not desk.edit.save()
    assert "12" in desk.toasts[-1].text
    assert desk.edit.state.answer_text == "twelve"
    assert desk.seen(stored) == stored.chain


def test_that_nothing_is_saved_where_nothing_was_changed(desk: Desk) -> None:
    stored = desk.begin()
    assert not desk.edit.save()
    with desk.project.read() as read:
        assert len(read.versions(stored.chain.key)) == 1


def test_that_saving_says_beforehand_what_no_longer_counts(desk: Desk) -> None:
    stored = desk.find(lambda c: len(c.hops) > 2)
    key = stored.chain.key
    desk.answer_as("ben", "cleo", chain=key)
    desk.project.mark(Mark(chain=key, kind=MarkKind.ACCEPT), by="ben")
    desk.begin(stored)
    assert desk.edit.consequences == "Nothing has been changed yet."
    desk.edit.set_answer("12")
    with desk.project.read() as read:
        attempts, verdict = len(read.rollouts(key)), read.verdict(key)
    expected = ["2 answers of people", *([f"{attempts} attempts of a model"] if attempts else [])]
    expected += ["the verdict"] if verdict is not None else []
    for words in (*expected, "the decision to accept it", "stay with version 1"):
        assert words in desk.edit.consequences
    made = desk.save()
    with desk.project.read() as read:
        assert not read.annotations(made.key)
        assert read.mark(made.key) is None
        assert len(read.annotations(key)) == 2


def test_that_an_answer_given_meanwhile_is_counted(desk: Desk) -> None:
    stored = desk.begin()
    desk.edit.set_answer("12")
    desk.answer_as("ben", chain=stored.chain.key)
    desk.qtbot.waitUntil(lambda: "1 answer of a person" in desk.edit.consequences)


def test_that_a_version_replaced_meanwhile_is_told_and_nothing_typed_is_lost(desk: Desk) -> None:
    stored = desk.begin()
    desk.edit.set_question("Mine, how many?")
    theirs = desk.project.edit_chain(stored.chain.key, by="ben", answer=Answer.of(5))
    desk.qtbot.waitUntil(lambda: desk.edit.is_stale)
    assert "replaced by version 2" in desk.edit.stale_words
    assert not desk.edit.save()
    assert desk.edit.state.question == "Mine, how many?"
    desk.edit.rebase()
    desk.settle()
    assert not desk.edit.is_stale
    made = desk.save()
    assert made.supersedes == theirs.key
    assert made.question == "Mine, how many?"
    assert made.answer == Answer.of(5)


def test_that_a_version_undone_meanwhile_is_told_and_nothing_typed_is_lost(desk: Desk) -> None:
    stored = desk.begin()
    desk.edit.set_answer("12")
    made = desk.save()
    with desk.project.read() as read:
        second = read.chain(made.key)
    desk.begin(second)
    desk.edit.set_question("Mine, how many?")
    desk.settle()
    desk.undo()
    desk.qtbot.waitUntil(lambda: desk.edit.is_stale)
    assert desk.edit.look is not None
    assert desk.edit.look.standing is Standing.TAKEN_BACK
    assert "version 1 is seen again" in desk.edit.stale_words
    desk.edit.rebase()
    desk.settle()
    again = desk.save()
    assert again.supersedes == stored.chain.key
    assert again.question == "Mine, how many?"


def test_that_what_is_typed_while_it_is_saved_goes_on_with_the_new_version(desk: Desk) -> None:
    stored = desk.begin()
    desk.edit.set_question("First, how many?")
    assert desk.edit.save()
    desk.edit.set_question("First and second, how many?")
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.edit.is_editing and desk.edit.state.base.version == 2)
    assert desk.edit.state.question == "First and second, how many?"
    assert desk.seen(stored).question == "First, how many?"
    desk.settle()
    assert desk.save().version == 3


def test_that_instances_changed_meanwhile_are_looked_at_again(desk: Desk) -> None:
    stored = desk.begin()
    key = next(iter(stored.chain.hops[0].establishes))
    assert isinstance(key, InstanceReference)
    desk.project.remove_instances([key.instance], by="ben")
    desk.qtbot.waitUntil(lambda: any(f.rule == "references" for f in desk.edit.findings))
    assert key.instance not in desk.edit.names


def test_that_picks_count_at_once_and_can_be_given_up(desk: Desk) -> None:
    stored = desk.begin()
    chosen = stored.chain.instances
    new = next(k for k in desk.edit.names if k not in chosen)
    desk.edit.begin_pick(Pick(PickField.CHOSEN))
    desk.edit.toggle(new)
    desk.edit.toggle(chosen[0])
    assert desk.edit.picked == (*chosen[1:], new)
    assert desk.edit.draft.instances == (*chosen[1:], new)
    desk.edit.end_pick(is_kept=False)
    assert desk.edit.draft.instances == chosen
    assert desk.edit.picking is None


def test_that_an_output_that_names_the_object_goes_on_naming_it(desk: Desk) -> None:
    stored = desk.begin()
    hop = stored.chain.hops[0]
    desk.edit.set_hop(1, output=desk.edit.names[_key(hop.establishes[0])])
    other = next(k for k in desk.edit.names if hop.establishes != (InstanceReference(k),))
    desk.edit.begin_pick(Pick(PickField.ESTABLISHES, 1))
    desk.edit.toggle(other)
    desk.edit.end_pick()
    assert desk.edit.draft.hops[0].output == desk.edit.names[other]


def test_that_choices_are_stepped_back_one_by_one_and_words_stay(desk: Desk) -> None:
    stored = desk.begin()
    desk.edit.set_instances(stored.chain.instances[:2])
    desk.edit.set_kind(1, Kind.OBJECTS)
    desk.edit.set_question("Typed after that?")
    assert isinstance(desk.edit.draft.hops[0].establishes[0], SetReference)
    desk.edit.step_back()
    assert desk.edit.draft.hops[0] == stored.chain.hops[0]
    desk.edit.step_back()
    assert desk.edit.draft.instances == stored.chain.instances
    assert desk.edit.state.question == "Typed after that?"
    assert not desk.edit.can_step_back


def test_that_errors_of_the_rules_do_not_keep_a_person_from_saving(desk: Desk) -> None:
    stored = desk.begin()
    desk.edit.set_question("Roughly how many?")
    desk.settle()
    assert any(f.severity is Severity.ERROR for f in desk.edit.findings)
    assert desk.save() == desk.seen(stored)


def test_that_a_project_open_for_reading_only_is_not_edited(desk: Desk, sample_project: Path) -> None:
    stored = desk.find()
    facts = desk.facts(stored)
    desk.studio.close_project()
    desk.studio.take_project(Project.open(sample_project, read_only=True))
    desk.edit.begin(stored, facts)
    assert not desk.edit.is_editing
    assert "reading only" in desk.toasts[-1].text


def test_that_a_chain_that_is_gone_keeps_what_was_typed(desk: Desk) -> None:
    stored = desk.begin()
    desk.edit.set_question("Kept, how many?")
    unknown = replace(stored.chain, question="never stored")
    desk.edit.discard()
    desk.edit.begin(replace(stored, chain=unknown), desk.facts(stored))
    desk.edit.set_answer("12")
    desk.settle()
    assert desk.edit.look is not None
    assert desk.edit.look.standing is Standing.GONE
    assert "no longer in the project" in desk.edit.stale_words
    assert not desk.edit.save()
    assert desk.edit.state.answer_text == "12"


def _key(reference: object) -> InstanceKey:
    assert isinstance(reference, InstanceReference)
    return reference.instance
