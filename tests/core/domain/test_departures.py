"""What became of an instance that its picture no longer shows."""

from __future__ import annotations

import pytest

from hopchain_core.domain.departures import Departure, Fate, Written, departures, indefinite
from hopchain_core.domain.keys import InstanceKey


def version(
    key: str, category: str = "cup", supersedes: str | None = None, *, removed: bool = False, counts: bool = True
) -> Written:
    return Written(InstanceKey(key), category, InstanceKey(supersedes) if supersedes else None, removed, counts)


def test_that_what_is_shown_has_not_departed() -> None:
    assert departures([version("a"), version("b")]) == {}


def test_that_an_instance_is_followed_through_all_its_corrections() -> None:
    written = [version("a"), version("b", supersedes="a"), version("c", "bowl", supersedes="b")]
    became = departures(written)
    assert became["a"] == Departure("cup", Fate.RENAMED, InstanceKey("c"), "bowl")
    assert became["b"] == Departure("cup", Fate.RENAMED, InstanceKey("c"), "bowl")
    assert became["a"].words == "a cup that is called bowl now"


def test_that_another_outline_is_a_change_and_not_a_loss() -> None:
    became = departures([version("a"), version("b", supersedes="a")])["a"]
    assert (became.fate, became.now) == (Fate.REDRAWN, "b")
    assert became.words == "a cup that was changed since"


def test_that_a_removal_is_said_of_every_earlier_version() -> None:
    written = [version("a"), version("b", supersedes="a"), version("c", supersedes="b", removed=True)]
    assert {key: d.fate for key, d in departures(written).items()} == {
        "a": Fate.REMOVED,
        "b": Fate.REMOVED,
        "c": Fate.REMOVED,
    }


def test_that_what_the_last_run_did_not_find_is_said_so() -> None:
    became = departures([version("a", counts=False), version("b")])
    assert became["a"].fate is Fate.NOT_FOUND_AGAIN
    assert became["a"].words == "a cup that the last run did not find again"
    # A version that no longer counts corrects nothing.
    assert departures([version("a"), version("b", supersedes="a", counts=False)]).keys() == {"b"}


def test_that_the_same_instance_found_by_two_runs_is_shown_once() -> None:
    assert departures([version("a"), version("a", counts=False)]) == {}
    assert departures([version("a", counts=False), version("a")]) == {}


def test_that_corrections_in_a_circle_come_to_an_end() -> None:
    assert departures([version("a", supersedes="b"), version("b", supersedes="a")]).keys() == {"a", "b"}


@pytest.mark.parametrize(("category", "said"), [("cup", "a cup"), ("Apple", "an Apple")])
def test_that_a_category_gets_its_article(category: str, said: str) -> None:
    assert indefinite(category) == said
