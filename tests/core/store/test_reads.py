"""What is written is read back, and what is seen of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, Composer
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.images import Category, Image, Quality, Rating, SourceObject
from hopchain_core.domain.instances import Instance, Origin
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.provenance import BackendSpec, RunOutcome, WorkStatus
from hopchain_core.domain.review import Annotation, Mark, MarkKind, Outcome, Verdict, VerdictOutcome
from hopchain_core.domain.rollouts import Difficulty, ErrorKind
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import InputError
from hopchain_core.store import rows_chains, rows_runs, rows_sources
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.reads_runs import WorkCounts
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.store.samples import chain, image, instance, rollout, run, work

A, B = image("a"), image("b", licence="CC BY", source="scene:3", split_group="g", file_format="PNG")


@dataclass(frozen=True)
class Refused:
    reason: str
    detail: str = ""


@pytest.fixture
def filled(project: ProjectFile) -> ProjectFile:
    project.writer.submit(lambda uow: [rows_sources.write_image(uow, i) for i in (B, A)]).result()
    return project


def segment(uow: UnitOfWork, found: list[Instance], fingerprint: str = "f1", of: Image = A) -> int:
    work_id = work(uow, "segment", of.key, fingerprint)
    rows_sources.write_instances(uow, work_id, found)
    return work_id


def compose(uow: UnitOfWork, made: list[Chain], fingerprint: str = "f1", of: Image = A) -> int:
    work_id = work(uow, "compose", of.key, fingerprint)
    rows_chains.write_chains(uow, work_id, made)
    return work_id


def test_that_pictures_are_read_back_by_path(filled: ProjectFile) -> None:
    with filled.read() as reader:
        assert list(reader.images()) == [A, B]
        assert (reader.image(B.key), reader.image_count(), reader.has_image(A.key)) == (B, 2, True)
        with pytest.raises(KeyError):
            reader.image(image("z").key)


def test_that_the_same_bytes_are_taken_once(filled: ProjectFile) -> None:
    again = image("a", path="elsewhere/a.jpg")
    assert filled.writer.submit(lambda uow: rows_sources.write_image(uow, again)).result() is False
    with filled.read() as reader:
        assert reader.image(A.key).path == A.path


def test_that_a_file_taken_later_is_no_longer_refused(project: ProjectFile) -> None:
    project.writer.submit(lambda uow: rows_sources.write_refused_file(uow, A.path, "empty", "0 bytes")).result()
    project.writer.submit(lambda uow: rows_sources.write_refused_file(uow, A.path, "truncated", "ends")).result()
    with project.read() as reader:
        assert [(f.path, f.reason, f.message) for f in reader.refused_files()] == [(A.path, "truncated", "ends")]
    project.writer.submit(lambda uow: rows_sources.write_image(uow, A)).result()
    with project.read() as reader:
        assert reader.refused_files() == ()


def test_that_what_came_with_a_picture_is_replaced_by_source_id(filled: ProjectFile) -> None:
    found = instance(A)
    first = SourceObject(source_id="1", category="cup", box=found.box, mask=found.mask, attributes=found.attributes)
    crowd = SourceObject(source_id="2", category="book", box=Box(0, 0, 1, 1), mask=None, is_crowd=True)
    scene = SourceObject(source_id="1", category="ball", box=Box(0, 0, 1, 1), mask=None, origin=Origin.SCENE)
    better = SourceObject(source_id="2", category="books", box=Box(0, 0, 2, 1), mask=None, is_crowd=True)
    for objects in ([first, crowd], [scene], [better], []):
        filled.writer.submit(lambda uow, o=objects: rows_sources.write_source_objects(uow, A.key, o)).result()  # type: ignore[misc]
    with filled.read() as reader:
        assert reader.source_objects(A.key) == (first, better, scene)
        assert reader.source_objects(B.key) == ()


def test_that_only_current_work_is_seen(filled: ProjectFile) -> None:
    old, new = instance(A, 0), instance(A, 2)
    filled.writer.submit(lambda uow: segment(uow, [old], "f1")).result()
    filled.writer.submit(lambda uow: segment(uow, [new], "f2")).result()
    with filled.read() as reader:
        assert reader.instances(A.key) == (new,)
        assert reader.instances_by_key([old.key, new.key]) == {old.key: old, new.key: new}
        assert reader.done("segment", "f1") == {A.key: False}
        assert reader.done("segment", "f2") == {A.key: True}
    assert filled.writer.submit(lambda uow: rows_runs.revive(uow, "segment", "f1", [A.key, "x"])).result() == 1
    assert filled.writer.submit(lambda uow: rows_runs.revive(uow, "segment", "f1", [A.key])).result() == 0
    with filled.read() as reader:
        assert reader.instances(A.key) == (old,)
        assert reader.work_counts() == {"segment": WorkCounts(done=1, superseded=1, failed=0)}


def test_that_instances_come_by_category_and_place(filled: ProjectFile) -> None:
    found = [instance(A, 3), instance(A, 1), instance(A, 2, "book"), instance(A, 0, "vase")]
    filled.writer.submit(lambda uow: segment(uow, found)).result()
    with filled.read() as reader:
        assert [(i.category, i.box.x0) for i in reader.instances(A.key)] == [
            ("book", 2), ("cup", 1), ("cup", 3), ("vase", 0),
        ]  # fmt: skip


def test_that_a_persons_version_stands_for_the_one_it_corrects(filled: ProjectFile) -> None:
    cup, gone, kept = instance(A, 0), instance(A, 1), instance(A, 2)
    mug = instance(A, 0, "mug", origin=Origin.PERSON, score=None, supersedes=cup.key)
    jug = instance(A, 0, "jug", origin=Origin.PERSON, score=None, supersedes=mug.key)
    removal = instance(A, 1, origin=Origin.PERSON, supersedes=gone.key, is_removed=True)
    filled.writer.submit(lambda uow: segment(uow, [cup, gone, kept])).result()
    for text, made in (("Relabel", mug), ("Relabel again", jug), ("Delete", removal)):
        filled.edit(text, lambda uow, made=made: rows_sources.write_instances(uow, None, [made]))  # type: ignore[misc]
    with filled.read() as reader:
        assert reader.instances(A.key) == (kept, jug)
        assert reader.counts().instances == 2
        assert set(reader.instances_by_key([gone.key, removal.key, mug.key])) == {gone.key, removal.key, mug.key}
    for _ in range(3):
        filled.undo()
    with filled.read() as reader:
        assert reader.instances(A.key) == (cup, gone, kept)


def test_that_a_version_of_superseded_work_hides_nothing(filled: ProjectFile) -> None:
    first = chain(A, "First?")
    second = first.next_version(question="Second?")
    filled.writer.submit(lambda uow: compose(uow, [first], "f1")).result()

    def revise(uow: UnitOfWork, fingerprint: str, made: list[Chain]) -> None:
        rows_chains.write_chains(uow, work(uow, "revise", A.key, fingerprint), made)

    filled.writer.submit(lambda uow: revise(uow, "r1", [second])).result()
    with filled.read() as reader:
        assert [s.chain for s in reader.chains()] == [second]
    filled.writer.submit(lambda uow: revise(uow, "r2", [])).result()
    with filled.read() as reader:
        assert [s.chain for s in reader.chains()] == [first]


def test_that_categories_are_read_back(filled: ProjectFile) -> None:
    found = [Category(name="cup", estimated_count=3), Category(name="book", is_countable=False)]
    filled.writer.submit(
        lambda uow: rows_sources.write_categories(uow, work(uow, "categorize", A.key), A.key, found)
    ).result()
    with filled.read() as reader:
        assert reader.categories(A.key) == (found[1], found[0])
        assert reader.categories(B.key) == ()


def test_that_the_rating_of_the_current_work_is_read_back(filled: ProjectFile) -> None:
    first, later = Rating(complexity=3, quality=Quality.LOW), Rating(complexity=9, quality=Quality.HIGH)

    def rate(uow: UnitOfWork) -> None:
        rows_sources.write_rating(uow, work(uow, "categorize", A.key, "f1"), A.key, first)
        rows_sources.write_rating(uow, work(uow, "categorize", A.key, "f2"), A.key, later)
        rows_runs.revive(uow, "categorize", "f1", [A.key])

    filled.writer.submit(rate).result()
    with filled.read() as reader:
        assert (reader.rating(A.key), reader.rating(B.key)) == (first, None)
    filled.writer.submit(lambda uow: rows_runs.revive(uow, "categorize", "f2", [A.key])).result()
    with filled.read() as reader:
        assert reader.rating(A.key) == later


def test_that_a_complexity_off_the_scale_is_none() -> None:
    for wrong in (0, 11):
        with pytest.raises(ValueError, match="1 to 10"):
            Rating(complexity=wrong, quality=Quality.HIGH)


def test_that_a_retried_item_first_loses_what_hung_on_it(filled: ProjectFile) -> None:
    one, two = chain(A, "One?"), chain(A, "Two?")

    def write(uow: UnitOfWork, made: list[Chain]) -> int:
        work_id = compose(uow, made)
        rows_runs.write_refusals(uow, work_id, [Refused("tie", "near"), Refused("tie"), Refused("dull", "12 drafts")])
        return work_id

    first = filled.writer.submit(lambda uow: write(uow, [one, two])).result()
    second = filled.writer.submit(lambda uow: write(uow, [two])).result()
    assert first == second
    with filled.read() as reader:
        assert [s.chain for s in reader.chains()] == [two]
        refusals = reader.refusals("compose")
        assert (refusals.counts, len(refusals.rows)) == ({"dull": 12, "tie": 2}, 3)
        assert (refusals.rows[0].subject, refusals.rows[0].detail) == (A.key, "near")
        assert len(reader.refusals("compose", limit=1).rows) == 1


def test_that_a_failure_is_a_row_and_leaves_what_is_current(filled: ProjectFile) -> None:
    made = chain(A)
    filled.writer.submit(lambda uow: compose(uow, [made], "f1")).result()
    filled.writer.submit(lambda uow: work(uow, "compose", A.key, "f2", status=WorkStatus.FAILED)).result()
    with filled.read() as reader:
        assert [s.chain for s in reader.chains()] == [made]
        assert reader.failed("compose", "f2") == {A.key: ("truncated", "the reply ends in the middle")}
        assert reader.failed("compose", "f1") == {}
        assert [f.subject for f in reader.failures("compose")] == [A.key]
        assert reader.failures("segment") == () == reader.failures(offset=1)
        assert reader.current_fingerprint("compose") == "f2"
        assert reader.work_counts() == {"compose": WorkCounts(done=1, superseded=0, failed=1)}
    filled.writer.submit(lambda uow: compose(uow, [], "f2")).result()
    with filled.read() as reader:
        assert reader.failures() == ()
        assert list(reader.chains()) == []


def test_that_a_done_item_that_fails_when_retried_loses_its_outputs(filled: ProjectFile) -> None:
    filled.writer.submit(lambda uow: compose(uow, [chain(A)])).result()
    filled.writer.submit(lambda uow: work(uow, "compose", A.key, status=WorkStatus.FAILED)).result()
    with filled.read() as reader:
        assert list(reader.chains()) == []
        assert reader.done("compose", "f1") == {}


def test_that_chains_come_by_picture_and_key_with_their_run(filled: ProjectFile) -> None:
    made = [chain(A, f"{n}?") for n in range(3)]
    other = chain(B, "other?")
    mine = chain(A, "mine?", composer=Composer.PERSON)
    filled.writer.submit(lambda uow: compose(uow, [other], of=B)).result()
    filled.writer.submit(lambda uow: compose(uow, made)).result()
    filled.edit("Write", lambda uow: rows_chains.write_chains(uow, None, [mine]))
    with filled.read() as reader:
        stored = list(reader.chains())
        assert [s.chain for s in stored] == [*sorted([*made, mine], key=lambda c: c.key), other]
        assert [s.chain for s in reader.chains(B.key)] == [other]
        assert {s.run_id is None for s in stored if s.chain == mine} == {True}
        found = reader.run_of_chain(other.key)
        assert found is not None
        assert (found.id, found.stage) == (stored[-1].run_id, "compose")
        assert reader.run_of_chain(mine.key) is None
        assert reader.chain_by_key(mine.key) == mine
        assert reader.chain_by_key(ChainKey("0" * 16)) is None


def test_that_a_chain_is_found_by_number_key_and_beginning(filled: ProjectFile) -> None:
    made = [chain(A, f"{n}?") for n in range(40)]
    filled.writer.submit(lambda uow: compose(uow, made)).result()
    with filled.read() as reader:
        for name in ("12", "C-12", "c-12", " C12 "):
            assert reader.chain(name).chain == made[11]
        for wanted in made:
            assert reader.chain(wanted.key).chain == wanted
            assert reader.chain(wanted.key[:12].upper()).chain == wanted
        twice = next(d for d in "abcdef" if sum(c.key.startswith(d) for c in made) > 1)
        with pytest.raises(InputError, match="Several") as caught:
            reader.chain(twice)
        assert caught.value.hint
        for name in ("4711", "C-4711", "zebra", "", "abcdef0123456789", "%"):
            with pytest.raises(InputError, match="no chain"):
                reader.chain(name)


def test_that_a_chain_made_twice_is_found_once(filled: ProjectFile) -> None:
    made = chain(A)
    filled.writer.submit(lambda uow: compose(uow, [made], "f1")).result()
    filled.writer.submit(lambda uow: compose(uow, [made], "f2")).result()
    with filled.read() as reader:
        assert [s.number for s in reader.chains()] == [2]
        assert reader.chain(made.key[:6]).number == 2
        found = reader.run_of_chain(made.key)
        assert found is not None
        assert found.fingerprint == "f2"


def test_that_findings_follow_the_current_audit(filled: ProjectFile) -> None:
    key = chain(A).key
    old = Finding(rule="leak", severity=Severity.ERROR, hop=2, message="Say less.", evidence={"word": "cup", "n": 1})
    new = Finding(rule="bare", severity=Severity.NOTE, hop=None, message="Fine.", evidence={"share": 0.5, "is": None})
    for fingerprint, finding in (("f1", old), ("f2", new)):
        filled.writer.submit(
            lambda uow, fp=fingerprint, f=finding: rows_chains.write_findings(
                uow, work(uow, "audit", key, fp), key, [f]
            )  # type: ignore[misc]
        ).result()
    with filled.read() as reader:
        assert reader.findings(key) == (new,)
    filled.writer.submit(lambda uow: rows_runs.revive(uow, "audit", "f1", [key])).result()
    with filled.read() as reader:
        assert reader.findings(key) == (old,)


def test_that_rollouts_are_those_of_the_current_solver_topped_up(filled: ProjectFile) -> None:
    key = chain(A).key
    first = [rollout(key, n) for n in range(3)]
    wrong = rollout(key, 1, is_correct=False)

    def solve(uow: UnitOfWork, fingerprint: str, indices: range, item_key: str) -> None:
        work(uow, "solve", key, fingerprint, item_key=item_key)
        made = [wrong if fingerprint == "g" else rollout(key, n) for n in indices]
        rows_chains.write_rollouts(uow, run(uow, "solve", fingerprint), fingerprint, made)

    with filled.read() as reader:
        assert reader.rollouts(key) == ()
    filled.writer.submit(lambda uow: solve(uow, "f", range(2), "2")).result()
    filled.writer.submit(lambda uow: solve(uow, "f", range(3), "3")).result()
    filled.writer.submit(
        lambda uow: rows_chains.write_rollouts(uow, run(uow, "solve", "f"), "f", [wrong])
    ).result()  # at a position that is filled
    with filled.read() as reader:
        assert reader.rollouts(key) == tuple(first)
    filled.writer.submit(lambda uow: solve(uow, "g", range(1), "1")).result()
    with filled.read() as reader:
        assert reader.rollouts(key) == (wrong,)
        assert reader.rollouts(key, "f") == tuple(first)
        assert reader.rollouts(key, "none") == ()


AT = "2026-11-21T10:00:00.000+00:00"


def test_that_what_people_say_is_read_back(filled: ProjectFile) -> None:
    key = chain(A).key
    bob = Annotation(chain=key, annotator="bob", outcome=Outcome.CANNOT_TELL, answer=None, note="dark", answered_at=AT)
    ann = Annotation(
        chain=key,
        annotator="ann",
        outcome=Outcome.ANSWERED,
        answer=Answer.of("0.50"),
        active_seconds=2.5,
        answered_at=AT,
    )
    ann_again = Annotation(chain=key, annotator="ann", outcome=Outcome.ANSWERED, answer=Answer.of(7), answered_at=AT)
    mark = Mark(chain=key, kind=MarkKind.FLAG, reason="dark")
    for text, annotation in (("1", bob), ("2", ann), ("3", ann_again)):
        filled.edit(text, lambda uow, a=annotation: rows_chains.write_annotation(uow, a))  # type: ignore[misc]
    filled.edit("Flag", lambda uow: rows_chains.write_mark(uow, mark))
    with filled.read() as reader:
        assert reader.annotations(key) == (ann_again, bob)
        assert reader.mark(key) == mark
    filled.undo()
    filled.undo()
    with filled.read() as reader:
        assert reader.annotations(key) == (ann, bob)
        assert reader.mark(key) is None
    with pytest.raises(ValueError, match="key"):
        filled.edit("Clear", lambda uow: rows_chains.write_mark(uow, None))


@pytest.mark.parametrize("is_until_decided", [False, True])
def test_that_what_is_decided_is_read_back(filled: ProjectFile, is_until_decided: bool) -> None:
    key = chain(A).key
    votes = (("2.5", 3), ("bad", 1))
    verdict = Verdict(chain=key, outcome=VerdictOutcome.DISPUTED, label=None, votes=votes, policy="unanimous-4/1")
    difficulty = Difficulty(
        chain=key,
        n=8,
        n_correct=3,
        interval=(0.125, 0.7),
        model="m",
        is_simulated=True,
        is_kept=False,
        is_until_decided=is_until_decided,
    )

    def decide(uow: UnitOfWork) -> None:
        work_id = work(uow, "decide", key)
        rows_chains.write_verdict(uow, work_id, verdict)
        rows_chains.write_difficulty(uow, work_id, difficulty)

    with filled.read() as reader:
        assert (reader.verdict(key), reader.difficulty(key)) == (None, None)
    filled.writer.submit(decide).result()
    with filled.read() as reader:
        assert (reader.verdict(key), reader.difficulty(key)) == (verdict, difficulty)


def _difficulty(key: ChainKey, n: int) -> Difficulty:
    return Difficulty(chain=key, n=n, n_correct=n, interval=(0, 1), model="m", is_simulated=False, is_kept=n < 9)


def test_that_what_is_decided_follows_the_current_work(filled: ProjectFile) -> None:
    key = chain(A).key

    def decide(uow: UnitOfWork, fingerprint: str, difficulty: Difficulty | None) -> None:
        work_id = work(uow, "decide", key, fingerprint)
        if difficulty is not None:
            verdict = Verdict(chain=key, outcome=VerdictOutcome.TOO_FEW, label=None, votes=(), policy=fingerprint)
            rows_chains.write_verdict(uow, work_id, verdict)
            rows_chains.write_difficulty(uow, work_id, difficulty)

    def now() -> tuple[str | None, int | None]:
        with filled.read() as reader:
            verdict, difficulty = reader.verdict(key), reader.difficulty(key)
            return (verdict.policy if verdict else None, difficulty.n if difficulty else None)

    for fingerprint, difficulty in (("f1", _difficulty(key, 1)), ("f2", _difficulty(key, 2))):
        filled.writer.submit(partial(decide, fingerprint=fingerprint, difficulty=difficulty)).result()
        assert now() == (fingerprint, int(fingerprint[1]))
    filled.writer.submit(partial(rows_runs.revive, stage="decide", fingerprint="f1", item_keys=[key])).result()
    assert now() == ("f1", 1)
    filled.writer.submit(partial(decide, fingerprint="f3", difficulty=None)).result()
    assert now() == (None, None)


def test_that_of_two_stages_the_newest_row_counts(filled: ProjectFile) -> None:
    made = chain(A)

    def fill(uow: UnitOfWork) -> None:
        compose(uow, [made])
        work(uow, "audit", made.key)
        for stage, n in (("solve", 8), ("decide", 9)):
            rows_chains.write_difficulty(uow, work(uow, stage, made.key), _difficulty(made.key, n))

    filled.writer.submit(fill).result()
    with filled.read() as reader:
        found = reader.difficulty(made.key)
        assert found is not None
        assert (found.n, reader.status(made.key)) == (9, ChainStatus.TOO_EASY)


def test_that_a_chain_whose_audit_failed_is_not_audited(filled: ProjectFile) -> None:
    made = chain(A)
    filled.writer.submit(lambda uow: compose(uow, [made])).result()
    for status, wanted in (
        (WorkStatus.DONE, ChainStatus.AWAITING),
        (WorkStatus.FAILED, ChainStatus.UNAUDITED),
    ):
        filled.writer.submit(partial(work, stage="audit", subject=made.key, status=status)).result()
        with filled.read() as reader:
            assert reader.status(made.key) is wanted


def test_that_runs_are_read_back(filled: ProjectFile) -> None:
    spec = BackendSpec(role="solver", name="sim", version=2, model="m", options={"p": 0.1}, prompt_hash="h")
    run_id = filled.writer.submit(
        lambda uow: rows_runs.start_run(
            uow,
            stage="solve",
            stage_version=3,
            fingerprint="f",
            options={"n": 8},
            backend=spec,
            seed=5,
        )
    ).result()
    with filled.read() as reader:
        begun = reader.run(run_id)
    assert (begun.backend, begun.options, begun.stage_version, begun.seed) == (spec, {"n": 8}, 3, 5)
    assert (begun.outcome, begun.ended_at, begun.prompt_hash) == (RunOutcome.RUNNING, "", "h")
    filled.writer.submit(lambda uow: rows_runs.end_run(uow, run_id, RunOutcome.CANCELLED)).result()
    with filled.read() as reader:
        (ended,) = reader.runs()
        assert (ended.outcome, bool(ended.ended_at)) == (RunOutcome.CANCELLED, True)
        with pytest.raises(KeyError):
            reader.run(type(run_id)(99))


def test_that_facts_are_read_back(project: ProjectFile) -> None:
    project.edit("Policy", lambda uow: rows_runs.write_fact(uow, "policy", '{"annotators": 4}'))
    with project.read() as reader:
        assert reader.fact("policy") == '{"annotators": 4}'
        assert (reader.fact("seed"), reader.fact("none")) == ("7", None)
    project.undo()
    with project.read() as reader:
        assert reader.fact("policy") is None


def test_that_outputs_need_their_picture(project: ProjectFile) -> None:
    with pytest.raises(KeyError, match="no picture"):
        project.writer.submit(lambda uow: segment(uow, [instance(A)])).result()
    with project.read() as reader:
        assert reader.work_counts() == {}


EDGE = st.one_of(st.floats(0, 1e6), st.integers(0, 10**6))


@given(x=EDGE, y=EDGE, score=st.one_of(st.none(), st.floats(0, 1), st.just(1)))
def test_that_every_instance_keeps_its_key(
    shared_project: ProjectFile, x: float, y: float, score: float | None
) -> None:
    made = instance(A, 0, mask=None, box=Box(x, y, x + 1, y + 2), score=score)
    shared_project.writer.submit(lambda uow: rows_sources.write_instances(uow, None, [made])).result()
    with shared_project.read() as reader:
        found = reader.instances_by_key([made.key])
    assert found == {made.key: made}
    assert found[made.key].key == made.key


@pytest.fixture(scope="module")
def shared_project(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    with ProjectFile.create(tmp_path_factory.mktemp("shared") / "p.hopchain") as project:
        project.writer.submit(lambda uow: rows_sources.write_image(uow, A)).result()
        yield project


def test_that_wrong_hops_and_errors_of_rollouts_are_read_back(filled: ProjectFile) -> None:
    key = chain(A).key
    wrong = replace(rollout(key, 0, is_correct=False), error_kind=ErrorKind.PERCEPTION, tokens=None)
    filled.writer.submit(lambda uow: rows_chains.write_rollouts(uow, run(uow, "solve"), "f", [wrong])).result()
    with filled.read() as reader:
        assert reader.rollouts(key, "f") == (wrong,)
        assert reader.rollouts(key, "f")[0].first_wrong_hop == 1
