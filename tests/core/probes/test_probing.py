"""Probing over HTTP: bad chains are caught, good ones pass, nothing is asked twice, failures are rows."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.probes import PROBES, Probe, ProbePolicy, TrialKind
from hopchain_core.domain.provenance import RunOutcome
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import InputError, PrerequisiteError, RunEndedError
from hopchain_core.export.admission import Terms
from hopchain_core.project import ProbeOptions, Project
from tests.core.backends.vlm.fake_server import Body, FakeServer, Trouble, words_of
from tests.core.probes.talking import Talker, chains_of, number, right

OPTIONS = ProbeOptions(profile="box", samples=3, concurrency=4)


def findings(project: Project) -> dict[str, list[Finding]]:
    """What was found, by chain."""
    with project.read() as read:
        found = {c.chain.key: list(read.findings(c.chain.key)) for c in read.chains()}
    return {key: rows for key, rows in found.items() if rows}


def statuses(project: Project) -> list[ChainStatus]:
    with project.read() as read:
        return [read.status(c.chain.key) for c in read.chains()]


@pytest.mark.usefixtures("talker")
def test_that_nothing_is_held_against_chains_that_a_good_model_can_neither_guess_nor_shorten(project: Project) -> None:
    before = statuses(project)
    reports = project.probe(OPTIONS)
    chains = chains_of(project)
    assert [r.stage for r in reports] == ["probe-blind", "probe-unique", "probe-skip", "probe-trace", "probe"]
    assert [(r.done, r.failed) for r in reports] == [(len(chains), 0)] * 5
    assert findings(project) == {}
    assert statuses(project) == before
    with project.read() as read:
        summary = read.probe_summary()
    assert summary.probed == dict.fromkeys(PROBES, len(chains))
    assert (summary.solved_blind.n, summary.ambiguous.n, summary.skippable_hops.n) == (0, 0, 0)
    assert summary.ambiguous.of > len(chains)
    assert summary.skippable_hops.of == sum(len(c.hops) for c in chains)
    assert summary.first_wrong == {None: 3 * len(chains)}
    assert summary.models[Probe.BLIND] == ("Tiny",)


def test_that_a_question_solved_blind_is_flagged_with_what_was_said(project: Project, talker: Talker) -> None:
    bad, lucky, *_ = chains_of(project)
    talker.otherwise[bad.key, TrialKind.BLIND, None] = lambda seed: number(bad.answer.text)
    first: list[int] = []

    def once(seed: int) -> str:
        first.append(seed)
        return number(lucky.answer.text if seed == min(first) else "987654")

    talker.otherwise[lucky.key, TrialKind.BLIND, None] = once
    project.probe(OPTIONS.model_copy(update={"probes": (Probe.BLIND,)}))
    found = findings(project)
    assert set(found) == {bad.key}
    (finding,) = found[bad.key]
    assert (finding.rule, finding.severity, finding.hop) == ("blind", Severity.WARNING, None)
    assert finding.evidence["answers"] == ", ".join([bad.answer.text] * 3)
    assert bad.question in str(finding.evidence["asked"])
    assert "closely" in str(finding.evidence["reply"])
    assert "3 of 3 tries" in finding.message
    with project.read() as read:
        summary = read.probe_summary()
        (result,) = read.probe_results(lucky.key)
    assert (summary.solved_blind.n, summary.right_blind.of) == (1, 3 * len(chains_of(project)))
    assert result.trials[0].n_right == 1
    assert summary.guessing.n == len(chains_of(project))


def test_that_a_reference_that_fits_several_things_is_flagged_at_its_hop(project: Project, talker: Talker) -> None:
    bad = chains_of(project)[0]
    hop = next(q.hop for c, q in talker.asked.values() if c == bad.key and q.kind is TrialKind.REFERENCE)
    talker.otherwise[bad.key, TrialKind.REFERENCE, hop] = lambda seed: number("2")
    project.probe(OPTIONS.model_copy(update={"probes": (Probe.UNIQUE,)}))
    ((key, rows),) = findings(project).items()
    assert key == bad.key
    assert {(f.rule, f.hop, f.evidence["things"]) for f in rows} == {("unique", hop, 2)}
    assert "2 things" in rows[0].message
    assert rows[0].message.startswith(f"The {rows[0].evidence['about']} that it points at")


@pytest.mark.parametrize("kind", [TrialKind.LAST, TrialKind.HALF])
def test_that_hops_that_make_no_difference_are_called_skippable(
    project: Project, talker: Talker, kind: TrialKind
) -> None:
    bad, hop = next(
        (c, q.hop) for chain, q in talker.asked.values() for c in chains_of(project)
        if chain == c.key and q.kind is kind
    )  # fmt: skip
    assert hop is not None
    talker.otherwise[bad.key, kind, hop] = lambda seed: number(bad.answer.text)
    project.probe(OPTIONS.model_copy(update={"probes": (Probe.SKIP,)}))
    ((key, rows),) = findings(project).items()
    assert key == bad.key
    assert [(f.rule, f.hop, f.evidence["skippable"]) for f in rows] == [("skip", hop, hop - 1)]
    with project.read() as read:
        assert read.probe_summary().skippable_hops.n == hop - 1


def test_that_a_trace_names_the_first_wrong_hop_of_each_try(project: Project, talker: Talker) -> None:
    never, sometimes, *_ = chains_of(project)
    talker.otherwise[never.key, TrialKind.STEP, 2] = lambda seed: number("987654")
    talker.otherwise[never.key, TrialKind.STEP, 3] = lambda seed: number("987654")

    def once(seed: int) -> str:
        # Three tries have three seeds in a row.
        question = next(
            q for c, q in talker.asked.values() if c == sometimes.key and q.kind is TrialKind.STEP and q.hop == 3
        )
        return number("987654") if seed % 3 == 0 else right(question)

    talker.otherwise[sometimes.key, TrialKind.STEP, 3] = once
    project.probe(OPTIONS.model_copy(update={"probes": (Probe.TRACE,)}))
    found = findings(project)
    assert [(f.hop, f.severity) for f in found[never.key]] == [(2, Severity.WARNING), (3, Severity.WARNING)]
    assert [(f.hop, f.severity, f.evidence["wrong_first_at_3"]) for f in found[sometimes.key]] == [
        (3, Severity.NOTE, 1)
    ]
    with project.read() as read:
        summary = read.probe_summary()
    assert summary.first_wrong == {2: 3, 3: 1, None: 3 * len(chains_of(project)) - 4}
    assert summary.never_right.n == 2


def test_that_what_was_asked_once_is_not_asked_again(project: Project, server: FakeServer, talker: Talker) -> None:
    project.probe(OPTIONS)
    asked = len(server.requests)
    assert asked == talker.number
    again = project.probe(OPTIONS)
    assert len(server.requests) == asked
    assert [(r.done, r.done_before) for r in again] == [(0, len(chains_of(project)))] * 5


def test_that_dropping_and_flagging_ask_nothing_anew(project: Project, server: FakeServer, talker: Talker) -> None:
    bad = chains_of(project)[0]
    talker.otherwise[bad.key, TrialKind.BLIND, None] = lambda seed: number(bad.answer.text)
    project.probe(OPTIONS.model_copy(update={"probes": (Probe.BLIND,)}))
    asked, before = len(server.requests), statuses(project)
    for drop, status, severity in (
        ((Probe.BLIND,), ChainStatus.REFUSED, Severity.ERROR),
        ((Probe.SKIP,), before[0], Severity.WARNING),
        ((Probe.BLIND,), ChainStatus.REFUSED, Severity.ERROR),
    ):
        project.probe(ProbeOptions(probes=(), drop=drop))
        assert statuses(project) == [status, *before[1:]]
        assert [f.severity for f in findings(project)[bad.key]] == [severity]
        with project.read() as read:
            assert read.probe_policies().of(drop[0]) is ProbePolicy.DROP
    assert len(server.requests) == asked


def test_that_an_export_leaves_out_what_a_probe_drops(project: Project, talker: Talker, tmp_path: Path) -> None:
    bad, *others = chains_of(project)
    talker.otherwise[bad.key, TrialKind.BLIND, None] = lambda seed: number(bad.answer.text)
    terms = Terms(accept_by_construction=True)
    project.probe(OPTIONS.model_copy(update={"probes": (Probe.BLIND,)}))
    assert project.export(tmp_path / "flagged", terms).records == len(others) + 1
    project.probe(OPTIONS.model_copy(update={"probes": (), "drop": (Probe.BLIND,)}))
    summary = project.export(tmp_path / "dropped", terms)
    assert summary.records == len(others)
    assert bad.key not in (tmp_path / "dropped" / "records.jsonl").read_text()


def test_that_a_picture_comes_first_and_only_blind_goes_without(
    project: Project, server: FakeServer, talker: Talker
) -> None:
    project.probe(OPTIONS)
    for body in server.requests:
        _, question = talker.asked[words_of(body)]
        (message,) = body["messages"]
        content = message["content"]
        kinds = ["text"] if isinstance(content, str) else [part["type"] for part in content]
        assert kinds == (["text"] if question.kind is TrialKind.BLIND else ["image_url", "text"])


@pytest.mark.usefixtures("talker")
def test_that_a_failure_is_a_row_and_only_that_is_tried_again(project: Project, server: FakeServer) -> None:
    options = OPTIONS.model_copy(update={"probes": (Probe.BLIND, Probe.TRACE), "concurrency": 1})
    server.trouble.append(Trouble(400, "no such thing", times=2))
    blind, trace, judged = project.probe(options)
    chains = len(chains_of(project))
    assert (blind.done, blind.failed) == (chains - 2, 2)
    assert (trace.done, trace.failed, judged.done) == (chains, 0, chains)
    asked = len(server.requests)
    assert [r.failed_before for r in project.probe(options)] == [2, 0, 0]
    assert len(server.requests) == asked
    again, *_ = project.probe(options.model_copy(update={"retry_failed": True}))
    assert (again.done, again.failed, len(server.requests)) == (2, 0, asked + 2)


@pytest.mark.usefixtures("talker")
def test_that_a_fault_within_a_chain_leaves_none_of_its_results(project: Project, server: FakeServer) -> None:
    options = OPTIONS.model_copy(update={"probes": (Probe.TRACE,), "concurrency": 1})
    server.trouble.append(Trouble(400, "no"))
    trace, _ = project.probe(options)
    assert trace.failed == 1
    with project.read() as read:
        probed = [bool(read.probe_results(c.key)) for c in chains_of(project)]
    assert probed.count(False) == 1


@pytest.mark.usefixtures("talker")
def test_that_a_server_that_refuses_everything_ends_the_run(project: Project, server: FakeServer) -> None:
    server.trouble.append(Trouble(404, "The model `tiny` does not exist.", times=None))
    with pytest.raises((RunEndedError, PrerequisiteError)):
        project.probe(OPTIONS)


@pytest.mark.usefixtures("talker")
def test_that_a_cancelled_probing_owes_exactly_the_rest(project: Project, server: FakeServer) -> None:
    chains = len(chains_of(project))
    options = OPTIONS.model_copy(update={"probes": (Probe.BLIND,), "concurrency": 1})

    async def cancelled() -> None:
        done = 0

        def emit(event: object) -> None:
            nonlocal done
            done += type(event).__name__ == "ItemDone"
            if done == 2:
                task.cancel()

        task = asyncio.ensure_future(project.probe_async(options, emit))
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    with project.read() as read:
        there = sum(bool(read.probe_results(c.key)) for c in chains_of(project))
    assert 2 <= there < chains
    blind, judged = project.probe(options)
    assert (blind.done, blind.done_before, judged.done) == (chains - there, there, chains)


def test_that_a_corrected_chain_is_probed_anew_and_loses_its_findings(project: Project, talker: Talker) -> None:
    bad = chains_of(project)[0]
    talker.otherwise[bad.key, TrialKind.BLIND, None] = lambda seed: number(bad.answer.text)
    options = OPTIONS.model_copy(update={"probes": (Probe.BLIND,)})
    project.probe(options)
    mended = project.edit_chain(bad.key, question=f"{bad.question} Say it in digits.")
    project.run(["audit"])
    with project.read() as read:
        assert read.findings(mended.key) == ()
    talker.learn(project, mended)
    blind, _ = project.probe(options)
    assert blind.done == 1
    assert findings(project) == {}


def test_that_probing_without_a_profile_says_so(project: Project) -> None:
    with pytest.raises(InputError, match="needs a model"):
        project.probe()


@pytest.mark.usefixtures("talker")
def test_that_the_next_probing_asks_the_same_model(project: Project) -> None:
    project.probe(OPTIONS.model_copy(update={"probes": (Probe.BLIND,)}))
    assert (project.last_probing().profile, project.last_probing().samples) == ("box", 3)
    chains = len(chains_of(project))
    assert [(r.done, r.done_before) for r in project.probe()] == [(0, chains)] * 2


def test_that_more_tries_ask_for_the_missing_ones_only(project: Project, server: FakeServer, tmp_path: Path) -> None:
    talker = Talker.of(project)

    def by_seed(body: Body, seed: int) -> str:
        _, question = talker.asked[words_of(body)]
        return f"seed {seed}\n{right(question)}" if seed % 2 else "<answer>unknown</answer>"

    server.speak = by_seed
    file = project.path
    shutil.copytree(file.parent, tmp_path / "at_once")
    project.probe(OPTIONS.model_copy(update={"samples": 4}))
    asked, few = server.samples, results(project)
    project.probe(OPTIONS.model_copy(update={"samples": 8}))
    assert server.samples == 2 * asked == 8 * talker.number
    assert {body["n"] for body in server.requests} == {4}
    with Project.open(tmp_path / "at_once" / file.name) as other:
        other.probe(OPTIONS.model_copy(update={"samples": 8}))
        assert results(project) == results(other)
    assert all(replies[:4] == few[key] for key, replies in results(project).items())
    requests = len(server.requests)
    again = project.probe(OPTIONS.model_copy(update={"samples": 4}))
    assert len(server.requests) == requests
    assert results(project) == few
    assert again[-1].outcome is RunOutcome.FINISHED
    # Fewer than there ever were, and as many as there never were: both are there already.
    project.probe(OPTIONS.model_copy(update={"samples": 6}))
    assert len(server.requests) == requests


def results(project: Project) -> dict[tuple[str, str, int], list[str]]:
    """All that was said and counts now, by chain, probe and place of the question."""
    with project.read() as read:
        return {
            (chain.key, result.probe.value, place): [reply.text for reply in trial.replies]
            for chain in chains_of(project)
            for result in read.probe_results(chain.key)
            for place, trial in enumerate(result.trials)
        }


def test_that_a_plan_says_what_would_be_asked_and_asks_nothing(
    project: Project, server: FakeServer, talker: Talker
) -> None:
    chains = chains_of(project)

    def planned(**changes: object) -> list[tuple[str, int, int, int]]:
        found = project.plan_probes(OPTIONS.model_copy(update=changes))
        return [(s.probe.value, s.owed, s.done, s.failed) for s in found]

    assert planned() == [(probe.value, len(chains), 0, 0) for probe in PROBES]
    assert server.requests == []
    server.trouble.append(Trouble(400, "no such thing"))
    project.probe(OPTIONS.model_copy(update={"probes": (Probe.BLIND,), "concurrency": 1}))
    assert planned(probes=(Probe.BLIND, Probe.SKIP)) == [("blind", 0, len(chains) - 1, 1), ("skip", len(chains), 0, 0)]
    assert planned(probes=(Probe.BLIND,), retry_failed=True) == [("blind", 1, len(chains) - 1, 0)]
    assert planned(probes=(Probe.BLIND,), samples=5) == [("blind", len(chains), 0, 0)]
    one = chains[0].key
    assert planned(probes=(Probe.SKIP,), only=(one,)) == [("skip", 1, 0, 0)]
    with pytest.raises(PrerequisiteError):
        planned(profile="nobody")


def test_that_the_summary_names_the_chains_behind_its_figures(project: Project, talker: Talker) -> None:
    bad, other, *_ = chains_of(project)
    talker.otherwise[bad.key, TrialKind.BLIND, None] = lambda seed: number(bad.answer.text)
    talker.otherwise[other.key, TrialKind.STEP, 2] = lambda seed: number("987654")
    project.probe(OPTIONS)
    with project.read() as read:
        numbers = {stored.chain.key: stored.number for stored in read.chains()}
        behind = read.probe_summary().behind
    assert behind["solved_blind"] == (numbers[bad.key],)
    assert behind["first_wrong_2"] == behind["never_right"] == (numbers[other.key],)
    assert "ambiguous" not in behind
