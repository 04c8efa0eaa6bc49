"""From replies to findings and to the summary of a project."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.findings import Severity
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.probe_findings import findings_of, things_said
from hopchain_core.domain.probe_summary import ProbedChain, Share, summed_up
from hopchain_core.domain.probes import (
    Probe,
    ProbePolicies,
    ProbePolicy,
    ProbeReply,
    ProbeResult,
    Trial,
    TrialKind,
    trials_from_json,
    trials_to_json,
)

FLAG = ProbePolicies()
DROP = ProbePolicies(dict.fromkeys(Probe, ProbePolicy.DROP))


def trial(kind: TrialKind, hop: int | None, expected: str, *answers: str) -> Trial:
    replies = tuple(ProbeReply(text=f"it is {a}", answer=a, is_right=a == expected) for a in answers)
    return Trial(kind=kind, hop=hop, asked="the words", expected=expected, replies=replies)


def result(probe: Probe, *trials: Trial) -> ProbeResult:
    return ProbeResult(chain=ChainKey("c"), probe=probe, trials=trials, model="tiny")


@given(st.lists(st.sampled_from(["21", "7", ""]), min_size=1, max_size=9))
def test_that_half_of_the_tries_decide_nothing(answers: list[str]) -> None:
    found = findings_of([result(Probe.BLIND, trial(TrialKind.BLIND, None, "21", *answers))], FLAG)
    assert bool(found) is (answers.count("21") > len(answers) / 2)


@given(st.lists(st.sampled_from(["1", "2", "3", "0", "2.5", ""]), min_size=1, max_size=9))
def test_that_a_reference_is_doubted_only_when_most_tries_count_otherwise(answers: list[str]) -> None:
    things = things_said(trial(TrialKind.REFERENCE, 1, "1", *answers))
    others = [a for a in answers if a in ("0", "2", "3")]
    assert (things is not None) is (len(others) > len(answers) / 2)
    assert things is None or others.count(str(things)) == max(map(others.count, others))


def test_that_a_policy_is_what_makes_an_error_of_a_finding() -> None:
    solved = result(Probe.BLIND, trial(TrialKind.BLIND, None, "21", "21"))
    assert [f.severity for f in findings_of([solved], FLAG)] == [Severity.WARNING]
    assert [f.severity for f in findings_of([solved], DROP)] == [Severity.ERROR]
    only = ProbePolicies({Probe.SKIP: ProbePolicy.DROP})
    assert [f.severity for f in findings_of([solved], only)] == [Severity.WARNING]
    assert ProbePolicies.from_json(only.to_json()).to_json() == only.to_json()


def test_that_one_wrong_try_at_a_hop_never_drops_a_chain() -> None:
    once = result(Probe.TRACE, trial(TrialKind.STEP, 1, "3", "3"), trial(TrialKind.STEP, 2, "5", "6"))
    assert [(f.hop, f.severity) for f in findings_of([once], DROP)] == [(2, Severity.NOTE)]


def test_that_the_evidence_says_who_was_asked_what_and_answered_how() -> None:
    solved = result(Probe.SKIP, trial(TrialKind.LAST, 4, "21", "21", "21", "8"))
    (finding,) = findings_of([solved], FLAG)
    assert finding.evidence == {
        "model": "tiny", "trial": "last", "n": 3, "right": 2, "expected": "21", "answers": "21, 21, 8",
        "asked": "the words", "reply": "it is 21", "skippable": 3,
    }  # fmt: skip
    assert finding.message.startswith("Asked without hops 1 to 3, the last hop alone gives the answer in 2 of 3 tries")


def test_that_a_trace_goes_wrong_at_the_first_of_its_wrong_hops() -> None:
    traced = result(
        Probe.TRACE,
        trial(TrialKind.STEP, 1, "a", "a", "b", "a"),
        trial(TrialKind.STEP, 2, "5", "6", "6", "5"),
    )
    assert traced.first_wrong_hops() == (2, 1, None)


def test_that_results_are_read_back_as_they_were_written() -> None:
    trials = (trial(TrialKind.REFERENCE, 2, "1", "2", ""), trial(TrialKind.BLIND, None, "½", "–"))
    assert trials_from_json(trials_to_json(trials)) == trials


def test_that_a_project_is_summed_up_with_what_guessing_reaches() -> None:
    def blind(answer: str, *said: str) -> ProbedChain:
        asked = result(Probe.BLIND, trial(TrialKind.BLIND, None, answer, *said))
        return ProbedChain(answer=Answer.of(answer), hops=4, result=asked)

    skip = result(Probe.SKIP, trial(TrialKind.LAST, 4, "3", "8", "8"), trial(TrialKind.HALF, 3, "3", "3", "3"))
    skipped = ProbedChain(answer=Answer.of(3), hops=4, result=skip)
    found = summed_up(9, FLAG, [blind("3", "3", "3"), blind("3", "8", "3"), blind("7", "", "3"), skipped])
    assert (found.solved_blind, found.right_blind) == (Share(1, 3), Share(3, 6))
    assert (found.guessing.n_commonest, found.guessing.n, found.guessing.share) == (2, 3, 2 / 3)
    assert (found.skipped_last, found.skipped_half, found.skippable_hops) == (Share(0, 1), Share(1, 1), Share(2, 4))
    assert found.probed == {Probe.BLIND: 3, Probe.UNIQUE: 0, Probe.SKIP: 1, Probe.TRACE: 0}
    low, high = found.solved_blind.interval
    assert 0 < low < 1 / 3 < high < 1


def test_that_nothing_probed_is_summed_up_too() -> None:
    found = summed_up(0, FLAG, [])
    assert found.is_empty
    assert found.to_json()["blind"]["guessing"]["number"] is None
