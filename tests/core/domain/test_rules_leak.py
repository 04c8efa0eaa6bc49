"""The rule leak: results in the question, told apart from constants, conditions and names that have to be there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hopchain_core.domain.findings import Finding, Severity
from tests.core.domain.chain_examples import BIRDS, KITE_CHAIN, found, with_hop

START = "Find the bird farthest to the right. "


def _birds(question: str) -> list[Finding]:
    """The chain by program: its numbers are 6, 11, 22, its constants 6, 9, 3, 5."""
    return found("leak", replace(BIRDS, question=question))


def _kite(question: str) -> list[Finding]:
    """The chain as a VLM writes: its numbers are 9, 16, 21; it finds the man in the orange shirt."""
    return found("leak", replace(KITE_CHAIN, question=question))


@pytest.mark.parametrize(
    "question",
    [
        START + "If the bird is wider than tall (it is), note 6; otherwise note 9.",
        START + "If it is wider than tall (which it is), note 6; otherwise note 9.",
        START + "If it is wider than tall – it is – note 6; otherwise note 9.",
        START + "If it is wider than tall (yes), note 6; otherwise note 9.",
        START + "If this bird is higher than the bear (it is not), add 3; otherwise add 5.",
        START + "Note 6 because it is wider than it is tall.",
        START + "Note 6, since it is wider than it is tall.",
        START + "As it is wider than tall, note 6.",
        START + "Note 6, as it is wider than tall.",
        START + "Add 5 because the second bird is lower than the bear.",
        START + "Adding 5 gives 11. Multiply it by the number of birds in the upper half.",
        START + "Note 6 and add 5, which makes 11.",
        START + "Your number is now 11. Multiply it by the number of birds.",
        START + "6 + 5 = 11. Multiply by the number of birds.",
        START + "Multiply your number (11) by the number of birds in the upper half.",
        START + "Multiply 11 by the number of birds in the upper half.",
        START + "Multiply eleven, which is 11, by the number of birds.",
        START + "There are 6 of them.",
        START + "How do you get 22?",
    ],
)
def test_that_a_stated_result_is_an_error(question: str) -> None:
    findings = _birds(question)
    assert any(f.severity is Severity.ERROR for f in findings), findings


@pytest.mark.parametrize(
    "question",
    [
        BIRDS.question,
        START + "If it is twice as tall as it is wide, note 6; otherwise note 9.",
        START + "If it is as wide as it is tall, note 6; otherwise note 9.",
        START + "Note 6 if it is wider than tall; if it is not, note 9.",
        START + "Note 6 if it is wider than tall; if not, 9. Add 5.",
        START + "If the number you get is 11, add 3; otherwise add 5.",
        START + "If there are 11 birds, add 3; otherwise add 5.",
        START + "If that makes 11, add 3.",
        START + "Start with 6. Add the number of birds (including the one farthest to the right).",
        START + "Add 3 (or 5 if it is lower than the bear).",
        START + "Of the two birds beside it, take the larger one. What is the result?",
        START + "Count its eyes. If there are more than two, add 3; otherwise add 5.",
        START + 'Find the sign that says "ROUTE 11" and go to the bird nearest to it.',
        START + "Take the second bird from the left, then the 22nd Street sign.",
        START + "It is one of the birds in the upper half. Count them all.",
    ],
)
def test_that_constants_conditions_and_common_words_are_no_leak(question: str) -> None:
    assert _birds(question) == []


def test_that_the_hop_whose_result_leaks_is_named() -> None:
    assert [(f.hop, f.evidence["words"]) for f in _birds("Multiply 11 by the number of birds.")] == [(4, "11")]


@pytest.mark.parametrize(
    ("question", "severity"),
    [
        (
            "Find the object with a year on it. It shows 2009, so the last digit is 9. Look at the shirt.",
            Severity.ERROR,
        ),
        ("Find the object with a year on it, which ends in 9. You now have 16 letters.", Severity.ERROR),
        ("Look at the man in the orange shirt who holds it.", Severity.WARNING),
        ("Find the person who holds it, which is the man in the orange shirt.", Severity.ERROR),
        ("Add 16 to the number of letters.", Severity.WARNING),
    ],
)
def test_that_a_leak_in_a_chain_without_program_is_found(question: str, severity: Severity) -> None:
    assert severity in {f.severity for f in _kite(question)}


@pytest.mark.parametrize(
    "question",
    [
        KITE_CHAIN.question,
        "If the painting is orange like this shirt, add 9, otherwise add 16.",
        "If so, note 9. Otherwise, note 16.",
        "Look at the shirt of the man who holds this object. Is it orange?",
        "How many men wear shirts?",
    ],
)
def test_that_a_chain_without_program_may_name_its_conditions(question: str) -> None:
    assert _kite(question) == []


def test_that_a_word_read_from_the_picture_is_a_leak() -> None:
    chain = with_hop(KITE_CHAIN, 3, sub_question="Which word is lowest on his shirt?", output="HISTORY")
    assert (
        found("leak", replace(chain, question="Find the word HISTORY on the shirt and count its letters."))[0].hop == 3
    )
    assert not found("leak", replace(chain, question='If the word is "HISTORY", add 5, otherwise add 10.'))


def test_that_a_category_other_hops_speak_of_is_no_leak() -> None:
    chain = with_hop(BIRDS, 1, sub_question="Which animal is farthest to the right?", output="bird")
    assert not found(
        "leak", replace(chain, question="Find the animal farthest to the right. Count the birds above it.")
    )
