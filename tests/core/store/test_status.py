"""The store's SQL and the domain's rule say the same of where a chain stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.policy import DropRule, Policy
from hopchain_core.domain.review import WITH_LABEL, Mark, MarkKind, Verdict, VerdictOutcome
from hopchain_core.domain.rollouts import Difficulty
from hopchain_core.domain.status import ChainStatus, status_of
from hopchain_core.edits import set_policy
from hopchain_core.store import rows_chains, rows_sources
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.queries import ChainFilter, ChainQuery
from hopchain_core.store.reader import Reader
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.store.samples import chain, image, work

CHAINS = tuple(chain(image(), f"Question {n}?") for n in range(4))


@dataclass(frozen=True)
class Said:
    """What one run of `audit` or `decide` said of one chain; later ones supersede earlier ones."""

    chain: int
    findings: tuple[Severity, ...] | None = None
    verdict: VerdictOutcome | None = None
    n_correct: int | None = None


SAID = st.one_of(
    st.builds(Said, st.integers(0, 3), findings=st.lists(st.sampled_from(Severity), max_size=2).map(tuple)),
    st.builds(
        Said,
        st.integers(0, 3),
        verdict=st.one_of(st.none(), st.sampled_from(VerdictOutcome)),
        n_correct=st.one_of(st.none(), st.integers(0, 8)),
    ),
)
RULES = st.one_of(
    st.none(),
    st.builds(lambda high: DropRule(pass_rate=high), st.sampled_from([0.1, 0.25, 0.3, 0.5, 0.75, 0.9, 1.0])),
    st.tuples(st.integers(0, 9), st.integers(1, 10))
    .filter(lambda ends: ends[0] < ends[1])
    .map(lambda ends: DropRule(too_hard_up_to=ends[0] / 10, pass_rate=ends[1] / 10)),
)
MARKS = st.dictionaries(st.integers(0, 3), st.sampled_from(MarkKind), max_size=3)


def write(uow: UnitOfWork, said: Said, number: int, drop: DropRule | None) -> None:
    key = CHAINS[said.chain].key
    if said.findings is not None:
        found = [Finding(rule="leak", severity=s, hop=None, message="") for s in said.findings]
        rows_chains.write_findings(uow, work(uow, "audit", key, f"{number}"), key, found)
        return
    work_id = work(uow, "decide", key, f"{number}")
    if said.verdict is not None:
        label = Answer.of(1) if said.verdict in WITH_LABEL else None
        rows_chains.write_verdict(
            uow, work_id, Verdict(chain=key, outcome=said.verdict, label=label, votes=(), policy="p")
        )
    if said.n_correct is not None:
        rows_chains.write_difficulty(uow, work_id, measured(key, said.n_correct, drop))


def measured(key: ChainKey, n_correct: int, drop: DropRule | None) -> Difficulty:
    return Difficulty(
        chain=key,
        n=8,
        n_correct=n_correct,
        interval=(0, 1),
        model="",
        is_simulated=False,
        is_kept=drop is None or not drop.drops(n_correct, 8),
        is_too_hard=drop is not None and drop.is_too_hard(n_correct, 8),
    )


def stands(reader: Reader, key: ChainKey) -> ChainStatus:
    """By the domain, from what the reader says piece by piece."""
    mark = reader.mark(key)
    audits = reader._conn.exec_driver_sql(
        "SELECT COUNT(*) FROM work WHERE stage = 'audit' AND subject = ? AND is_current", (key,)
    )
    return status_of(
        mark=mark.kind if mark else None,
        is_audited=bool(audits.scalar_one()),
        has_error=any(f.severity is Severity.ERROR for f in reader.findings(key)),
        verdict=reader.verdict(key),
        difficulty=reader.difficulty(key),
    )


@settings(max_examples=60, deadline=None)
@given(said=st.lists(SAID, max_size=10), marks=MARKS, drop=RULES)
def test_that_the_sql_says_what_the_domain_says(
    tmp_path_factory: pytest.TempPathFactory, said: list[Said], marks: dict[int, MarkKind], drop: DropRule | None
) -> None:
    def fill(uow: UnitOfWork) -> None:
        set_policy(uow, Policy(drop=drop))
        rows_sources.write_image(uow, image())
        rows_chains.write_chains(uow, work(uow, "compose", image().key), CHAINS)
        for number, one in enumerate(said):
            write(uow, one, number, drop)
        for position, kind in marks.items():
            rows_chains.write_mark(uow, Mark(chain=CHAINS[position].key, kind=kind))

    with ProjectFile.create(tmp_path_factory.mktemp("status") / "p.hopchain") as project:
        project.writer.submit(fill).result()
        with project.read() as reader:
            wanted = {c.key: stands(reader, c.key) for c in CHAINS}
            for position, one in enumerate(CHAINS):
                tried = [s.n_correct for s in said if s.chain == position and s.findings is None][-1:]
                last = measured(one.key, tried[0], drop) if tried and tried[0] is not None else None
                assert reader.difficulty(one.key) == last
            assert {c.key: reader.status(c.key) for c in CHAINS} == wanted
            assert Counter(reader.status_counts()) == Counter(wanted.values())
            assert {r.key: r.status for r in reader.chain_rows(reader.chain_ids())} == wanted
            for status in ChainStatus:
                ids = reader.chain_ids(ChainQuery(chains=ChainFilter(status=status)))
                assert {r.key for r in reader.chain_rows(ids)} == {k for k, s in wanted.items() if s is status}


def test_that_every_status_is_reached(project: ProjectFile) -> None:
    cases: list[tuple[list[Said], MarkKind | None, ChainStatus]] = [
        ([], MarkKind.REJECT, ChainStatus.REJECTED),
        ([], MarkKind.ACCEPT, ChainStatus.UNAUDITED),
        ([Said(0, findings=(Severity.ERROR,))], None, ChainStatus.REFUSED),
        ([Said(0, findings=(Severity.WARNING,)), Said(0, n_correct=8)], None, ChainStatus.TOO_EASY),
        ([Said(0, findings=()), Said(0, n_correct=0)], None, ChainStatus.TOO_HARD),
        ([Said(0, findings=()), Said(0, verdict=VerdictOutcome.DISPUTED)], None, ChainStatus.DISPUTED),
        ([Said(0, findings=()), Said(0, verdict=VerdictOutcome.AGREED)], None, ChainStatus.VERIFIED),
        ([Said(0, findings=()), Said(0, verdict=VerdictOutcome.ADJUDICATED)], None, ChainStatus.ADJUDICATED),
        ([Said(0, findings=()), Said(0, verdict=VerdictOutcome.BY_CONSTRUCTION)], None, ChainStatus.BY_CONSTRUCTION),
        ([Said(0, findings=()), Said(0, verdict=VerdictOutcome.TOO_FEW)], MarkKind.FLAG, ChainStatus.AWAITING),
    ]
    assert [case[2] for case in cases] == list(ChainStatus)
    project.writer.submit(lambda uow: rows_sources.write_image(uow, image())).result()
    key = CHAINS[0].key
    for number, (said, kind, status) in enumerate(cases):

        def fill(uow: UnitOfWork, said: list[Said] = said, kind: MarkKind | None = kind, number: int = number) -> None:
            for table in ("verdict", "difficulty", "finding", "mark", "work"):
                uow.conn.exec_driver_sql(f"DELETE FROM {table}")
            rows_chains.write_chains(uow, work(uow, "compose", image().key), CHAINS[:1])
            set_policy(uow, Policy(drop=DropRule(too_hard_up_to=0.0)))
            for offset, one in enumerate(said):
                write(uow, one, 10 * number + offset, DropRule(too_hard_up_to=0.0))
            if kind is not None:
                rows_chains.write_mark(uow, Mark(chain=key, kind=kind))

        project.writer.submit(fill).result()
        with project.read() as reader:
            assert reader.status(key) is status
            assert reader.status_counts() == {s: int(s is status) for s in ChainStatus}
