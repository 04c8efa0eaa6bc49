"""What a card and its Croissant metadata say of the project."""

from __future__ import annotations

import json
from pathlib import Path

from hopchain_core.export.admission import Reason
from hopchain_core.export.formats.card import card
from hopchain_core.export.formats.croissant import croissant
from hopchain_core.export.formats.facts import Facts, Told, told_of
from hopchain_core.export.manifest import ProjectFacts, Tally

PROJECT = ProjectFacts(
    name="p",
    uuid="u",
    seed=0,
    policy={"drop": {"name": "always-solved", "pass_rate": 1.0}},
    images=40,
    instances=300,
    drafts_refused={"not-clear": 7},
    stages=(),
    agreement={"alpha": 0.8123, "interval": [0.7, 0.9], "questions": 50, "answers": 200},
)


def _told(agreement: dict[str, object] | None = PROJECT.agreement) -> Told:
    tally = Tally(chains=60)
    for reason, n in ((Reason.DISPUTED, 5), (Reason.RULE_ERROR, 10)):
        for _ in range(n):
            tally.refuse(reason)
    for source, licence in (
        ("https://farm3.flickr.com/1.jpg", "CC-BY"),
        ("https://farm3.flickr.com/2.jpg", "CC-BY"),
        ("scene:7", "CC0"),
        ("", ""),
    ):
        tally.take_picture(licence, source)
    facts = PROJECT if agreement is PROJECT.agreement else ProjectFacts(**{**_fields(), "agreement": agreement})
    return told_of(facts, tally)


def _fields() -> dict[str, object]:
    return {name: getattr(PROJECT, name) for name in PROJECT.__slots__}


def _card(told: Told) -> str:
    return card(Facts(), Path("out"), {"train": [], "validation": []}, told)


def test_that_the_funnel_goes_from_pictures_to_records_and_says_why() -> None:
    text = _card(_told())
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    funnel = [line.split("|")[1].strip() for line in lines[lines.index("| left | after |") + 1 :]][:7]
    assert funnel == ["40", "300", "67", "60", "50", "45", "0"]
    assert "without 10 of `rule_error`" in text
    assert "not-clear 7" in text


def test_that_agreement_is_given_with_its_interval() -> None:
    assert "0.812, 95 % interval 0.700 to 0.900,\nfrom 200 answers to 50 questions" in _card(_told())
    assert "not defined" in _card(_told(None))


def test_that_pictures_stand_by_source_and_licence() -> None:
    text = _card(_told())
    assert "| farm3.flickr.com | CC-BY | 2 |" in text
    assert "| scene | CC0 | 1 |" in text
    assert "| not said | unknown | 1 |" in text


def test_that_limits_method_and_citation_are_there() -> None:
    text = _card(_told())
    for words in ("## Known limits", "## Method", "arXiv:2603.17024", "always-solved"):
        assert words in text


def test_that_croissant_names_the_limits() -> None:
    told = _told()
    data = json.loads(croissant(Facts(), Path("out"), {"train": []}, told))
    assert data["rai:dataLimitation"] == told.notices
