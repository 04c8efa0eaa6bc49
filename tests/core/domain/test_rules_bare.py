"""The rule bare: what speaks of the composer's view, and scenes that merely hold boxes, frames and masks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hopchain_core.domain.findings import Finding, Severity
from tests.core.domain.chain_examples import KITE, KITE_CHAIN, MAN, facts, found, instance, with_hop


def _asked(question: str, *categories: str) -> list[Finding]:
    objects = [instance(c, 50 + 90 * n, 400) for n, c in enumerate(categories)]
    return found("bare", replace(KITE_CHAIN, question=question), facts(KITE, MAN, *objects))


@pytest.mark.parametrize(
    "question",
    [
        "How many letters has the word inside the bounding box on the left?",
        "What is the number in the red box?",
        "How many wheels has the object in the box?",
        "Which digit stands on the object with the red outline?",
        "How many buttons has the person outlined in green?",
        "What is the number on the object in crop 2?",
        "How many eyes are in the crop?",
        "Count the wheels in the cropped image.",
        "How many legs has instance 3?",
        "Count the legs of each instance of a chair.",
        "How many wheels has object 2?",
        "What number is shown in Image 2?",
        "What is the sum of the numbers in image 1?",
        "How many birds are in the original image?",
        "How many legs has the object at (487, 350)?",
        "How many legs has the object at [120, 30]?",
        "How many legs has the object at [120, 30, 180.5, 90]?",
        "How many legs has the object at 487, 350?",
        "What is the x coordinate of the bird?",
        "How many pixels wide is the bird?",
        "What is the id of the largest bird?",
        "Add the IDs of both birds.",
        "How many stripes has the highlighted tie?",
        "How many objects were detected on the table?",
        "How many persons are annotated?",
        "What is the area of the segmentation mask?",
        "How many legs has the segmented animal?",
        "Take the result of hop 3 and add 2.",
        "How many birds does mask 4 cover?",
        "<image> How many birds are there?",
        f"How many letters are on {KITE.key}?",
    ],
)
def test_that_what_only_the_composer_saw_is_an_error(question: str) -> None:
    findings = _asked(question)
    assert any(f.severity is Severity.ERROR for f in findings), findings
    assert str(findings[0].evidence["words"]).strip("?. ") in question


@pytest.mark.parametrize(
    ("question", "categories"),
    [
        ("Find the red box. How many books lie on the box?", ("box", "book")),
        ("How many cups are in the box on the left?", ("cardboard box",)),
        ("How many boxes are stacked beside the door?", ("box",)),
        ("How many letters are on the cardboard box?", ()),
        ("How many people stand by the telephone box?", ()),
        ("How many apples are in the wooden box and the lunch box?", ()),
        ("Count the wheels of the box truck.", ()),
        ("How many people wear a face mask?", ()),
        ("Is the man wearing a mask? If so, add 3, otherwise add 7.", ()),
        ("How many masks hang on the wall?", ("mask",)),
        ("How many crops grow beside the barn?", ("crop",)),
        ("How many cows stand among the crops in the field?", ()),
        ("How many people wear a crop top?", ()),
        ("How many pictures hang above the sofa?", ("picture",)),
        ("How many people are in the two photographs on the wall?", ()),
        ("If the frame is wider than it is tall, add 2, otherwise add 4.", ("picture frame",)),
        ("How many spokes has the bicycle with the red frame?", ("picture frame",)),
        ("If its outline is wider than it is tall, note 6; otherwise note 9.", ()),
        ("Say which fruit is red, for instance, and count those.", ()),
        ("How many digits are on the ID card?", ()),
        ("I'd say 3. How many are there?", ()),
        ("Multiply the number (1,234) on the sign by 2.", ()),
        ("Multiply by 3 (or by 4 if it is red).", ()),
        ("How many people watch the smoke detector?", ()),
        ("How many people stand between bus 52 and the shop?", ()),
        ("How many orange segments lie on the plate?", ()),
        ("What is the number on the shirt of player 7?", ()),
        ("How many people are in the picture?", ()),
        ("How many birds are in the upper half of the image?", ()),
        ("How many coloured pencils lie on the table?", ()),
        ("Which object is nearest to the leftmost view point?", ()),
    ],
)
def test_that_a_scene_may_hold_such_things_itself(question: str, categories: tuple[str, ...]) -> None:
    assert _asked(question, *categories) == []


@pytest.mark.parametrize(
    "question",
    [
        "How many letters are on the box beside the door?",
        "How many teeth does the mask show?",
        "How many birds are inside the red rectangle?",
        "How many birds are in both images?",
    ],
)
def test_that_what_may_be_an_object_is_left_to_a_person(question: str) -> None:
    findings = _asked(question)
    assert findings
    assert {f.severity for f in findings} == {Severity.WARNING}


def test_that_an_object_of_the_name_excuses_no_box_drawn_round_it() -> None:
    assert _asked("How many boxes are in the bounding box?", "box")[0].severity is Severity.ERROR
    assert _asked("How many frames show a segmentation mask?", "mask")[0].severity is Severity.ERROR


def test_that_a_sub_question_gives_a_warning_at_its_hop() -> None:
    findings = found("bare", with_hop(KITE_CHAIN, 2, sub_question="Who holds the object in crop 1?"))
    assert [(f.hop, f.severity) for f in findings] == [(2, Severity.WARNING)]


def test_that_the_same_words_are_reported_once() -> None:
    assert len(_asked("What is in the red bounding box?")) == 1
