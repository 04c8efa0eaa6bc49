"""What probing found, in lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from hopchain_core.domain.probe_summary import ProbeSummary, Share
from hopchain_core.domain.probes import PROBES, Probe, ProbePolicy


def summary_lines(found: ProbeSummary) -> Iterator[str]:
    """The summary of a project, probe by probe."""
    if found.is_empty:
        yield f"None of {found.chains} chains was probed."
        return
    lines = {Probe.BLIND: _blind, Probe.UNIQUE: _unique, Probe.SKIP: _skip, Probe.TRACE: _trace}
    for probe in PROBES:
        if found.probed.get(probe):
            what = "drops" if found.policies.of(probe) is ProbePolicy.DROP else "flags"
            by = ", ".join(found.models.get(probe, ())) or "a model"
            yield f"{probe.value:<7} {found.probed[probe]} of {found.chains} chains, asked of {by}; {what} what it finds"
            yield from (f"          {line}" for line in lines[probe](found))


def _blind(found: ProbeSummary) -> Iterator[str]:
    yield _line("solved without the picture", found.solved_blind)
    yield _line("tries without it that were right", found.right_blind, interval=False)
    if found.guessing.commonest is not None:
        guess = Share(found.guessing.n_commonest, found.guessing.n)
        yield _line(f"right by always saying {found.guessing.commonest}, the commonest number", guess)


def _unique(found: ProbeSummary) -> Iterator[str]:
    yield _line("references that fit several things", found.ambiguous)
    yield _line("references that fit nothing", found.fitting_nothing)


def _skip(found: ProbeSummary) -> Iterator[str]:
    yield _line("answered from the last hop", found.skipped_last)
    yield _line("answered from the later half of the hops", found.skipped_half)
    yield _line("hops that can be skipped", found.skippable_hops, interval=False)


def _trace(found: ProbeSummary) -> Iterator[str]:
    yield _line("hop traces all right", Share(found.first_wrong.get(None, 0), found.traces), interval=False)
    for hop, n in found.first_wrong.items():
        if hop is not None:
            yield _line(f"hop traces first wrong at hop {hop}", Share(n, found.traces), interval=False)
    yield _line("hops that no try got right", found.never_right)


def _line(what: str, share: Share, *, interval: bool = True) -> str:
    if not share.of:
        return f"{what}: none asked"
    low, high = share.interval
    between = f" ({low:.1%} to {high:.1%})" if interval else ""
    return f"{what}: {share.n} of {share.of}, {share.share:.1%}{between}"
