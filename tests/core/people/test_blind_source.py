"""The blind door of a project: what comes next, drafts, reopening and taking back."""

from __future__ import annotations

import dataclasses
import re
import threading
from pathlib import Path

import pytest

from hopchain_core.blind import REOPENABLE, BlindItem, BlindSource, Draft, Hold, Progress, read_typed
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.review import AmbiguityReason, Mark, MarkKind, Outcome
from hopchain_core.domain.rounds import RoundKind, RoundTerms
from hopchain_core.errors import InputError
from hopchain_core.store.reads_blind import STATEMENTS
from tests.core.people.asking import ANSWER, Asking, answer_all, make


@pytest.fixture
def ada(asking: Asking) -> BlindSource:
    """Ada's eight items of round 1, which Ben has, too."""
    asking.add("Ada", "Ben")
    asking.project.open_round()
    return asking.project.blind("Ada")


def first(source: BlindSource) -> BlindItem:
    found = source.next()
    assert found is not None
    return found


def test_that_items_come_in_the_persons_own_order_until_none_is_left(asking: Asking, ada: BlindSource) -> None:
    with asking.project.read() as read:
        wanted = [next(c.question for c in asking.chains if c.key == key) for key in read.assignment(1, "Ada")]
    assert [item.question for item in ada.ahead(99)] == wanted
    assert first(ada) == first(ada)
    asked = []
    while (item := ada.next()) is not None:
        asked.append(item.question)
        ada.answer(item.id, Outcome.ANSWERED, "3")
    assert asked == wanted
    assert ada.progress() == Progress(answered=8, total=8, skipped=0, in_sitting=8)
    assert (ada.hold(), ada.ahead()) == (Hold.NONE, ())
    assert asking.project.blind("Ada").progress() == Progress(answered=8, total=8, skipped=0, in_sitting=0)


def test_that_an_answer_says_all_that_was_given(asking: Asking, ada: BlindSource) -> None:
    item = first(ada)
    given = ada.answer(
        item.id,
        Outcome.AMBIGUOUS,
        "ignored",
        reason=AmbiguityReason.REFERENCE,
        note="  two clocks ",
        active_seconds=7.5,
    )
    assert (given.item, given.outcome, given.text) == (item.id, Outcome.AMBIGUOUS, "")
    assert (given.reason, given.note, given.active_seconds) == (AmbiguityReason.REFERENCE, "two clocks", 7.5)
    with asking.project.read() as read:
        (kept,) = (a for key in asking.keys for a in read.annotations(key))
    assert (kept.annotator, kept.round, kept.source, kept.reason) == ("Ada", 1, "", AmbiguityReason.REFERENCE)
    assert kept.answered_at == given.answered_at
    assert ada.recent() == (given,)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        (" -3 ", "-3"),
        ("1/2", "0.5"),
        ("1,234", "1234"),
        ("twenty-one", "21"),
        ("½", "0.5"),
        ("２１", "21"),
    ],
)
def test_that_a_number_is_read_however_it_is_typed(typed: str, number: str) -> None:
    assert read_typed(typed) == Answer.of(number)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("blue", "not one number"),
        ("3 or 4", "number"),
        ("1/3", "exactly"),
        ("3%", "number"),
    ],
)
def test_that_what_is_no_number_is_refused_with_what_to_do(ada: BlindSource, typed: str, says: str) -> None:
    item = first(ada)
    with pytest.raises(InputError, match=says) as caught:
        ada.answer(item.id, Outcome.ANSWERED, typed)
    assert caught.value.hint
    assert ada.next() == item
    assert ada.recent() == ()


def test_that_what_was_put_off_comes_last_also_after_a_restart(asking: Asking, ada: BlindSource) -> None:
    order = [item.id for item in ada.ahead(8)]
    ada.skip(order[0])
    ada.skip(order[1])
    assert [item.id for item in ada.ahead(8)] == [*order[2:], *order[:2]]
    ada.skip(order[2])
    again = asking.project.blind("Ada")
    assert [item.id for item in again.ahead(8)] == [*order[3:], *order[:3]]
    assert again.progress().skipped == 3
    for _ in range(5):
        ada.skip(first(ada).id)
    # All have been put off once; the one put off first comes first, and can be put off again.
    assert [item.id for item in ada.ahead(8)] == order
    ada.skip(order[0])
    assert [item.id for item in ada.ahead(8)] == [*order[1:], order[0]]
    ada.answer(order[1], Outcome.CANNOT_TELL)
    with pytest.raises(InputError, match="answered already"):
        ada.skip(order[1])


def test_that_a_draft_is_kept_across_restarts_and_goes_with_the_answer(asking: Asking, ada: BlindSource) -> None:
    item = first(ada)
    assert ada.draft(item.id) == Draft()
    draft = Draft(text="2", note="the left", active_seconds=3.5)
    ada.save_draft(item.id, draft)
    ada.skip(item.id)
    again = asking.project.blind("Ada")
    assert again.draft(item.id) == draft
    assert asking.project.undo_texts()[0] == "Open a main round"
    again.answer(item.id, Outcome.ANSWERED, "2")
    assert again.draft(item.id) == Draft()


def test_that_undo_returns_to_the_item_with_what_was_said(asking: Asking, ada: BlindSource) -> None:
    one, two, three = ada.ahead(3)
    ada.answer(one.id, Outcome.ANSWERED, "4", note="quick", active_seconds=2.0)
    ada.answer(two.id, Outcome.ANSWERED, "5")
    assert ada.undo() == two
    assert ada.ahead(2) == (two, three)
    assert ada.undo() == one
    assert ada.ahead(3) == (one, two, three)
    assert ada.draft(one.id) == Draft(text="4", note="quick", active_seconds=2.0)
    assert ada.undo() is None
    assert ada.progress() == Progress(answered=0, total=8, skipped=0, in_sitting=0)
    with asking.project.read() as read:
        assert read.answer_rows() == []
    # Taking back is a step as well, and it can be taken back.
    asking.project.undo()
    with asking.project.read() as read:
        assert [row.answer for row in read.answer_rows()] == ["4"]
    assert ada.ahead(1) == (two,)


def test_that_undo_touches_the_persons_own_answers_alone(asking: Asking, ada: BlindSource) -> None:
    answer_all(asking.project.blind("Ben"), at_most=2)
    assert ada.undo() is None
    ada.answer(first(ada).id, Outcome.ANSWERED, "4")
    answer_all(asking.project.blind("Ben"), at_most=1)
    assert ada.undo() is not None
    with asking.project.read() as read:
        assert [row.annotator for row in read.answer_rows()] == ["Ben"] * 3


def test_that_an_answer_is_changed_only_after_it_was_opened_again(asking: Asking, ada: BlindSource) -> None:
    item = first(ada)
    ada.answer(item.id, Outcome.ANSWERED, "4")
    with pytest.raises(InputError, match="answered already"):
        ada.answer(item.id, Outcome.ANSWERED, "5")
    assert ada.reopen(item.id).text == "4"
    assert ada.next() != item
    changed = ada.answer(item.id, Outcome.ANSWERED, "5")
    assert ada.recent() == (changed,)
    assert ada.progress().in_sitting == 1
    with pytest.raises(InputError, match="answered already"):
        ada.answer(item.id, Outcome.ANSWERED, "6")
    asking.project.undo()
    with asking.project.read() as read:
        assert [row.answer for row in read.answer_rows()] == ["4"]


def test_that_the_last_twenty_can_be_opened_again_and_no_more(tmp_path: Path) -> None:
    asking = make(tmp_path / "more.hopchain", REOPENABLE + 2)
    with asking.project:
        asking.add("Ada")
        asking.project.open_round()
        source = asking.project.blind("Ada")
        given = answer_all(source)
        assert source.recent() == tuple(reversed(given[2:]))
        assert [source.reopen(one.item) for one in given[2:]] == given[2:]
        for one in given[:2]:
            with pytest.raises(InputError, match="last 20"):
                source.reopen(one.item)


def test_that_a_question_edited_or_rejected_meanwhile_is_not_asked(asking: Asking, ada: BlindSource) -> None:
    one, two, three = ada.ahead(3)
    keys = {c.question: c.key for c in asking.chains}
    asking.project.mark(Mark(chain=keys[one.question], kind=MarkKind.REJECT))
    asking.project.edit_chain(keys[two.question], question="Is it?")
    assert ada.next() == three
    assert ada.progress().total == 6
    for item in (one, two):
        with pytest.raises(InputError, match="withdrawn"):
            ada.answer(item.id, Outcome.ANSWERED, "1")
    asking.project.undo()
    asking.project.undo()
    assert ada.ahead(3) == (one, two, three)


def test_that_the_answer_to_a_question_edited_since_stays_as_it_is(asking: Asking, ada: BlindSource) -> None:
    item = first(ada)
    ada.answer(item.id, Outcome.ANSWERED, "4")
    key = next(c.key for c in asking.chains if c.question == item.question)
    asking.project.edit_chain(key, question="Is it?")
    with pytest.raises(InputError, match="withdrawn"):
        ada.reopen(item.id)
    with pytest.raises(InputError, match="withdrawn"):
        ada.undo()
    assert [given.text for given in ada.recent()] == ["4"]


def test_that_items_of_others_and_made_up_ones_are_refused(ada: BlindSource) -> None:
    for item in ("", "1", "1-0", "1-9", "2-1", "1--1", "1-1.0", "x-1", "1-²"):
        with pytest.raises(InputError, match="none of this round"):
            ada.item(item)


def test_that_a_person_without_a_round_is_told_so(asking: Asking) -> None:
    asking.add("Ada")
    source = asking.project.blind("Ada")
    assert (source.hold(), source.next(), source.recent()) == (Hold.NOTHING_ASSIGNED, None, ())
    with pytest.raises(InputError, match="none of this round"):
        source.answer("1-1", Outcome.ANSWERED, "3")
    with pytest.raises(InputError, match="Nothing is asked"):
        source.undo()
    with pytest.raises(InputError, match="no annotator 'Zoe'"):
        asking.project.blind("Zoe")
    with pytest.raises(InputError, match="no round 3"):
        asking.project.blind("Ada", 3)


def test_that_a_qualification_comes_before_the_rounds_that_are_open(asking: Asking) -> None:
    asking.add("Ada")
    asking.project.set_gold(asking.keys[0])
    asking.project.open_round()
    asking.project.open_round(RoundTerms(kind=RoundKind.QUALIFICATION))
    source = asking.project.blind("Ada")
    assert source.title == "Qualification 2"
    answer_all(source)
    assert (source.hold(), source.next()) == (Hold.NONE, None)
    assert asking.project.blind("Ada").title == "Round 1"
    assert asking.project.blind("Ada", 2).title == "Qualification 2"


def test_that_a_goal_counts_the_sitting(ada: BlindSource) -> None:
    ada.set_goal(2)
    answer_all(ada, at_most=2)
    assert (ada.progress().in_sitting, ada.progress().goal, ada.progress().left) == (2, 2, 6)
    ada.set_goal(None)
    assert ada.progress().goal is None
    with pytest.raises(InputError, match="goal"):
        ada.set_goal(0)


def test_that_threads_may_share_a_source(asking: Asking, ada: BlindSource) -> None:
    items = ada.ahead(8)
    problems: list[Exception] = []

    def work(item: BlindItem) -> None:
        try:
            ada.save_draft(item.id, Draft(text="9"))
            ada.answer(item.id, Outcome.ANSWERED, "3")
            ada.progress()
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(item,)) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert ada.progress() == Progress(answered=8, total=8, skipped=0, in_sitting=8)


def test_that_nothing_a_person_is_given_holds_what_would_help(asking: Asking) -> None:
    asking.add("Ada", "Ben")
    asking.project.set_gold(asking.keys[0], Answer.of(8642), note="golden")
    asking.project.open_round(RoundTerms(gold_share=0.3))
    answer_all(asking.project.blind("Ben"), "97531")
    source = asking.project.blind("Ada")
    shown = [*source.ahead(20)]
    for item in shown:
        source.save_draft(item.id, Draft(text="1"))
    given = answer_all(source, "1")
    everything = repr([shown, given, source.recent(), source.progress(), source.title, source.hold()])
    everything += repr([source.item(item.id) for item in shown])
    for secret in (
        ANSWER,
        "8642",
        "97531",
        "gold",
        "Ben",
        *asking.keys,
        *(h.sub_question for c in asking.chains for h in c.hops),
    ):
        assert secret not in everything
    assert [field.name for field in dataclasses.fields(BlindItem)] == [
        "id",
        "path",
        "width_px",
        "height_px",
        "question",
    ]


def test_that_no_statement_behind_the_door_names_what_it_may_not_show() -> None:
    for statement in STATEMENTS:
        words = set(re.findall(r"\w+(?:\.\w+)?", statement.lower()))
        tables = {w for w in words if "." not in w}
        assert tables.isdisjoint(
            {
                "gold",
                "round_gold",
                "verdict",
                "adjudication",
                "instance",
                "rollout",
                "difficulty",
                "finding",
                "body",
                "hop_count",
            }
        )
        columns = {w.partition(".")[2] for w in words if "." in w and w.split(".")[0] in ("c", "x", "later", "s", "r")}
        assert columns <= {
            "key",
            "id",
            "question",
            "work_id",
            "supersedes",
            "chains",
            "annotator",
            "round_id",
            "closed_at",
            "kind",
        }
        # Of answers it sees the person's own.
        if "annotation" in words:
            assert "a.annotator = s.annotator" in statement or "a.annotator = :annotator" in statement
