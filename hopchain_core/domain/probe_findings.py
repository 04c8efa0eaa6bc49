"""From what a model said when a chain was probed to findings.

A thing is held against a chain when more than half of the tries say so; a single lucky guess or slip decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.probes import Probe, ProbePolicies, ProbePolicy, ProbeResult, Trial, TrialKind

RULES_VERSION = 1
"""Raised when the same replies would now give other findings."""
MOST_SHOWN = 2000
"""Characters of a text in the evidence; all of it is kept with the result."""
SURE_FROM = 2
"""Tries at a hop from which "wrong in all of them" is held against it."""

_SEVERITY = {ProbePolicy.FLAG: Severity.WARNING, ProbePolicy.DROP: Severity.ERROR}


def findings_of(results: Iterable[ProbeResult], policies: ProbePolicies) -> tuple[Finding, ...]:
    """What the probes found in one chain.

    Args:
        results: Of one version of it.
        policies: Whether what they find only flags the chain or drops it.
    """
    found: list[Finding] = []
    for result in results:
        severity = _SEVERITY[policies.of(result.probe)]
        match result.probe:
            case Probe.BLIND:
                found += _blind(result, severity)
            case Probe.UNIQUE:
                found += _unique(result, severity)
            case Probe.SKIP:
                found += _skip(result, severity)
            case Probe.TRACE:
                found += _trace(result, severity)
    return tuple(found)


def things_said(trial: Trial) -> int | None:
    """How many things a reference fits, where more than half of the replies say another number than one.

    The commonest of those numbers; None where most say one, or nothing that can be read.
    """
    said = Counter(reply.answer for reply in trial.replies if reply.answer and not reply.is_right)
    whole = {answer: n for answer, n in said.items() if answer.isdecimal()}
    if 2 * sum(whole.values()) <= len(trial.replies):
        return None
    return int(min(whole, key=lambda answer: (-whole[answer], int(answer))))


def _blind(result: ProbeResult, severity: Severity) -> Iterator[Finding]:
    trial = result.trial(TrialKind.BLIND)
    if trial is not None and trial.is_mostly_right:
        yield Finding(
            rule=Probe.BLIND.value,
            severity=severity,
            hop=None,
            message=f"Solved without the picture in {trial.counts}. Ask for something that only looking can tell, or "
            "for a number that is harder to guess.",
            evidence=_evidence(result, trial, is_shown=True),
        )


def _unique(result: ProbeResult, severity: Severity) -> Iterator[Finding]:
    for trial in result.trials:
        things = things_said(trial)
        if things is None:
            continue
        others = len(trial.replies) - trial.n_right
        how = f"to fit {things} things" if things else "to fit nothing"
        yield Finding(
            rule=Probe.UNIQUE.value,
            severity=severity,
            hop=trial.hop,
            message=f"The {trial.about or 'thing'} that it points at was said {how} in the picture, not one ({others} of {len(trial.replies)} tries "
            "found another number). Say more of what is meant.",
            evidence=_evidence(result, trial, is_shown=False) | {"things": things, "about": trial.about},
        )


def _skip(result: ProbeResult, severity: Severity) -> Iterator[Finding]:
    for trial in result.trials:
        if not trial.is_mostly_right or trial.hop is None:
            continue
        which = "the last hop alone gives" if trial.kind is TrialKind.LAST else "the later half of the hops gives"
        before = "hop 1" if trial.hop == 2 else f"hops 1 to {trial.hop - 1}"
        yield Finding(
            rule=Probe.SKIP.value,
            severity=severity,
            hop=trial.hop,
            message=f"Asked without {before}, {which} the answer in {trial.counts}: {before} can be skipped. Let what "
            "they find change the result.",
            evidence=_evidence(result, trial, is_shown=True) | {"skippable": trial.hop - 1},
        )


def _trace(result: ProbeResult, severity: Severity) -> Iterator[Finding]:
    never = [t for t in result.trials if not t.n_right and len(t.replies) >= SURE_FROM]
    for trial in never:
        said = ", ".join(reply.answer or "nothing" for reply in trial.replies[:8])
        yield Finding(
            rule=Probe.TRACE.value,
            severity=severity,
            hop=trial.hop,
            message=f"Asked by itself, with the results before it stated, this hop came out otherwise in all "
            f"{len(trial.replies)} tries: {said} instead of {trial.expected}. Look whether it says what it means.",
            evidence=_evidence(result, trial, is_shown=False),
        )
    first = result.first_wrong_hops()
    wrong = Counter(hop for hop in first if hop is not None)
    if not wrong:
        return
    hop = min(wrong, key=lambda h: (-wrong[h], h))
    if any(trial.hop == hop for trial in never):
        return
    yield Finding(
        rule=Probe.TRACE.value,
        severity=Severity.NOTE,
        hop=hop,
        message=f"{wrong[hop]} of {len(first)} hop traces go wrong here first.",
        evidence={
            "model": result.model,
            "n": len(first),
            **{f"wrong_first_at_{h}": n for h, n in sorted(wrong.items())},
        },
    )


def _evidence(result: ProbeResult, trial: Trial, *, is_shown: bool) -> dict[str, str | int | float | bool | None]:
    """The words asked, every answer, and one reply: a right one where that is what is held against the chain."""
    shown = next((reply.text for reply in trial.replies if reply.is_right is is_shown), "")
    return {
        "model": result.model,
        "trial": trial.kind.value,
        "n": len(trial.replies),
        "right": trial.n_right,
        "expected": trial.expected,
        "answers": ", ".join(reply.answer or "–" for reply in trial.replies),
        "asked": trial.asked[:MOST_SHOWN],
        "reply": shown[:MOST_SHOWN],
    }
