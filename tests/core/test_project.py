"""What people do with a project, through its one door."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Composer
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.review import Annotation, Mark, MarkKind, Outcome, Verdict, VerdictOutcome
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import InputError, ProjectError, ProjectMissingError
from hopchain_core.project import BackendChoice, Project, Reader, RunOptions
from hopchain_core.store.rows_runs import write_fact
from tests.core.jobs import synthetic
from tests.core.jobs.synthetic import fixture_options

PICTURES = 4


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Four annotated pictures, nothing run."""
    with Project(synthetic.make_project(tmp_path / "p.hopchain", PICTURES)) as opened:
        yield opened


@pytest.fixture
def ran(project: Project) -> Project:
    """The same after all stages."""
    project.run(options=fixture_options())
    return project


def _chains(project: Project) -> list[ChainKey]:
    with project.read() as read:
        return [s.chain.key for s in read.chains()]


def _instances(project: Project, number: int = 0) -> tuple[Instance, ...]:
    with project.read() as read:
        return read.instances(synthetic.picture(number).key)


def _answer(chain: ChainKey, who: str = "Ada", number: int = 4) -> Annotation:
    return Annotation(chain=chain, annotator=who, outcome=Outcome.ANSWERED, answer=Answer.of(number))


def _verdict(read: Reader, chain: ChainKey) -> Verdict:
    verdict = read.verdict(chain)
    assert verdict is not None
    return verdict


def test_that_a_project_is_made_once_and_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "p.hopchain"
    with Project.create(path, seed=5) as made:
        uuid = made.uuid
    with Project.open(path) as opened:
        assert (opened.uuid, opened.seed, opened.folder) == (uuid, 5, tmp_path)
    with pytest.raises(InputError, match="there already"):
        Project.create(path)
    with pytest.raises(ProjectMissingError):
        Project.open(tmp_path / "other.hopchain")


def test_that_a_closed_project_says_so(project: Project) -> None:
    project.close()
    with pytest.raises(ProjectError, match="closed"):
        project.status()


def test_that_status_of_a_new_project_owes_the_first_stage_and_is_sure_of_that_alone(project: Project) -> None:
    found = project.status()
    assert (found.images, found.instances, found.chain_count) == (PICTURES, 0, 0)
    assert [(s.stage, s.owed, s.is_certain) for s in found.stages] == [
        ("categorize", PICTURES, True), ("segment", 0, False), ("compose", 0, False), ("audit", 0, False),
        ("solve", 0, False), ("decide", 0, False),
    ]  # fmt: skip
    assert not found.is_solver_simulated


def test_that_status_after_a_run_owes_nothing_and_calls_the_simulation_one(ran: Project) -> None:
    found = ran.status()
    assert [(s.stage, s.owed, s.done, s.failed) for s in found.stages] == [
        ("categorize", 0, 4, 0), ("segment", 0, 4, 0), ("compose", 0, 4, 0), ("audit", 0, 8, 0), ("solve", 0, 8, 0),
        ("decide", 0, 8, 0),
    ]  # fmt: skip
    assert found.is_solver_simulated
    assert found.chain_count == 8
    data = json.loads(json.dumps(found.to_json()))
    assert set(data["chains"]) == {s.value for s in ChainStatus}
    assert data["simulated"] is True
    assert data["stages"]["solve"] | {"owed": 0, "done": 8, "failed": 0} == data["stages"]["solve"]


def test_that_the_options_of_the_last_run_are_kept_without_what_concerns_one_run(project: Project) -> None:
    assert project.last_options() == RunOptions()
    project.run(["categorize"], fixture_options(rollouts=9, limit=2, retry_failed=True, concurrency=3))
    assert project.last_options() == fixture_options(rollouts=9)
    assert project.run()[-1].stage == "decide"
    assert project.last_options() == fixture_options(rollouts=9)


def test_that_a_plan_writes_nothing_and_says_what_would_be_redone(ran: Project) -> None:
    ran.annotate(_answer(_chains(ran)[0]))
    commits: list[frozenset[str]] = []
    ran.on_commit(lambda tables, by: commits.append(tables))
    same, other = ran.plan(), ran.plan(options=fixture_options(composer={"flavour": "other"}))
    assert commits == []
    assert [s.stage for s in same.stages if s.owed] == []
    assert same.answers_at_risk == 0
    assert [(s.stage, s.owed, s.is_certain) for s in other.stages][2:4] == [("compose", 4, True), ("audit", 0, False)]
    assert other.answers_at_risk == 1
    more = ran.plan(["solve"], fixture_options(rollouts=16))
    assert [(s.stage, s.owed) for s in more.stages] == [("solve", 8)]
    assert more.answers_at_risk == 0


def test_that_a_plan_tells_what_would_come_back_for_nothing(ran: Project) -> None:
    ran.run(options=fixture_options(composer={"flavour": "other"}))
    compose = ran.plan(options=fixture_options()).stages[2]
    assert (compose.owed, compose.revived, compose.done) == (0, 4, 0)


def test_that_a_project_whose_backend_is_gone_still_tells_its_status(ran: Project) -> None:
    gone = fixture_options().model_copy(update={"composer": BackendChoice(name="gone")})
    ran.file.writer.submit(lambda uow: write_fact(uow, "run_options", gone.model_dump_json())).result()
    compose = ran.status().stages[2]
    assert (compose.backend, compose.owed) == ("gone", PICTURES)
    assert "no composer called 'gone'" in compose.missing
    with pytest.raises(InputError, match="'gone'"):
        ran.plan()


def test_that_a_plan_limited_to_some_pictures_counts_those(project: Project) -> None:
    assert project.plan(options=fixture_options(limit=3)).stages[0].owed == 3


def test_that_stages_do_not_run_twice_at_once(ran: Project) -> None:
    async def twice() -> list[object]:
        slow = fixture_options(composer={"flavour": "slow", "delay_s": 0.3})
        runs = [ran.run_async(options=slow) for _ in range(2)]
        return await asyncio.gather(*runs, return_exceptions=True)

    first, second = asyncio.run(twice())
    assert isinstance(first, tuple)
    assert isinstance(second, InputError)
    assert "running already" in str(second)


def test_that_four_equal_answers_make_a_label_and_a_fifth_other_one_does_not(ran: Project) -> None:
    chain = _chains(ran)[0]
    for who in ("Ada", "Ben", "Cleo", "Dan"):
        ran.annotate(_answer(chain, who))
    with ran.read() as read:
        verdict = _verdict(read, chain)
    assert (verdict.outcome, verdict.label) == (VerdictOutcome.AGREED, Answer.of(4))
    ran.annotate(_answer(chain, "Dan", 5))
    with ran.read() as read:
        assert _verdict(read, chain).outcome is VerdictOutcome.DISPUTED


def test_that_an_answer_taken_back_is_gone(ran: Project) -> None:
    chain = _chains(ran)[0]
    ran.annotate(_answer(chain))
    ran.take_back_answer(chain, "Ada")
    with ran.read() as read:
        assert read.annotations(chain) == ()
    with pytest.raises(InputError, match="Ada has not answered"):
        ran.take_back_answer(chain, "Ada")


def test_that_an_edited_chain_is_a_persons_next_version_and_the_old_one_is_seen_no_more(ran: Project) -> None:
    old, *others = _chains(ran)
    new = ran.edit_chain(old, question="Which number stands on the cup?")
    assert (new.version, new.supersedes, new.composer) == (2, old, Composer.PERSON)
    assert set(_chains(ran)) == {new.key, *others}
    reports = {r.stage: r.done for r in ran.run()}
    assert (reports["compose"], reports["audit"], reports["solve"]) == (0, 1, 1)
    with pytest.raises(InputError, match="replaced"):
        ran.edit_chain(old, question="Again?")
    with pytest.raises(InputError, match="composer cannot be edited"):
        ran.edit_chain(new.key, composer=Composer.PROGRAM)
    with pytest.raises(InputError, match="no such chain"):
        ran.edit_chain(ChainKey("f" * 16), question="Where?")


def test_that_a_rejected_chain_stands_as_rejected_until_the_mark_goes(ran: Project) -> None:
    chain = _chains(ran)[0]
    with ran.read() as read:
        before = read.status(chain)
    ran.mark(Mark(chain=chain, kind=MarkKind.REJECT, reason="unclear"))
    with ran.read() as read:
        assert read.status(chain) is ChainStatus.REJECTED
    ran.unmark(chain)
    with ran.read() as read:
        assert read.status(chain) is before
    with pytest.raises(InputError, match="no such chain"):
        ran.mark(Mark(chain=ChainKey("f" * 16), kind=MarkKind.FLAG))


def test_that_a_comment_needs_a_text_and_can_be_undone(ran: Project) -> None:
    chain = _chains(ran)[0]
    with pytest.raises(InputError, match="needs a text"):
        ran.comment(chain, "Ada", "  ")
    ran.comment(chain, "Ada", "Which cup?")
    assert ran.undo() == "Comment"


EDITS: dict[str, Callable[[Project], object]] = {
    "answer": lambda p: p.annotate(_answer(_chains(p)[0])),
    "mark": lambda p: p.mark(Mark(chain=_chains(p)[0], kind=MarkKind.ACCEPT)),
    "edit": lambda p: p.edit_chain(_chains(p)[0], question="What number is it?"),
    "relabel": lambda p: p.relabel_instances([_instances(p)[0].key], "clock"),
    "add": lambda p: p.add_instance(synthetic.picture(1).key, "clock", Box(1, 1, 30, 30)),
    "policy": lambda p: p.set_policy(Policy()),
}


@pytest.mark.parametrize("name", EDITS)
def test_that_every_edit_is_undone_and_done_again_across_a_restart(ran: Project, name: str) -> None:
    def seen(project: Project) -> tuple[object, ...]:
        with project.read() as read:
            chains = [s.chain for s in read.chains()]
            said = [(read.annotations(c.key), read.mark(c.key)) for c in chains]
            return chains, said, [_instances(project, n) for n in range(PICTURES)], read.fact("policy")

    before = seen(ran)
    EDITS[name](ran)
    after = seen(ran)
    assert after != before
    ran.close()
    with Project.open(ran.path) as again:
        assert again.undo() is not None
        assert seen(again) == before
        assert again.redo() is not None
        assert seen(again) == after
        assert again.redo() is None


def test_that_another_policy_decides_at_once_and_going_back_costs_nothing(ran: Project) -> None:
    usual = ran.policy()
    stricter = Policy(people=6, agreeing=6)
    ran.set_policy(stricter)
    assert ran.policy() == stricter
    with ran.read() as read:
        assert {_verdict(read, key).policy for key in _chains(ran)} == {stricter.key}
    assert [(s.stage, s.owed) for s in ran.status().stages if s.owed] == []
    ran.undo()
    assert ran.policy() == usual
    with ran.read() as read:
        assert {_verdict(read, key).policy for key in _chains(ran)} == {usual.key}
    assert (ran.run()[-1].done, ran.run()[-1].done_before) == (0, 8)


def test_that_what_rules_say_of_an_unsaved_chain_is_not_stored(ran: Project) -> None:
    with ran.read() as read:
        chain = next(read.chains()).chain
    spoken = chain.next_version(question="What number stands in the red box on the left?")
    found = ran.findings_in(spoken)
    assert "bare" in {f.rule for f in found}
    assert spoken.key not in _chains(ran)


def test_that_check_counts_chains_by_rule_and_looks_at_all_answers_together(ran: Project) -> None:
    chain = _chains(ran)[0]
    wrong = ran.edit_chain(chain, question="What number stands in bounding box 3?")
    unaudited = ran.check()
    assert (unaudited.chains, unaudited.unaudited) == (8, 1)
    ran.run()
    found = ran.check()
    assert found.unaudited == 0
    assert wrong.key in {c.chain for c in found.found}
    assert found.by_rule()["bare"] == 1
    assert 0 < found.answers.n < 8
    assert 0 < found.answers.share <= 1
    assert json.loads(json.dumps(found.to_json()))["by_rule"]["bare"] == 1


def test_that_facts_of_a_picture_are_its_size_and_instances(ran: Project) -> None:
    facts = ran.facts(synthetic.picture(2).key)
    assert (facts.width_px, facts.height_px) == (synthetic.WIDTH, synthetic.HEIGHT)
    assert set(facts.instances) == set(_instances(ran, 2))
    with pytest.raises(KeyError):
        ran.facts(ImageKey("0" * 64))


def test_that_reading_goes_on_beside_a_writer_and_writing_read_only_is_refused(ran: Project) -> None:
    with Project.open(ran.path, read_only=True) as reader:
        assert reader.status().chain_count == 8
        assert reader.plan().answers_at_risk == 0
        with pytest.raises(ProjectError, match="read-only"):
            reader.mark(Mark(chain=_chains(ran)[0], kind=MarkKind.FLAG))


def test_that_options_set_are_those_of_the_next_run(project: Project) -> None:
    project.set_options(fixture_options(rollouts=9, limit=1))
    assert project.last_options() == fixture_options(rollouts=9)
    with pytest.raises(InputError, match="flavor"):
        project.set_options(fixture_options(solver={"flavor": "x"}))
    assert project.last_options().rollouts == 9


def test_that_options_and_the_policy_set_with_them_are_one_step_of_undo(project: Project) -> None:
    before = project.last_options(), project.policy()
    after = fixture_options(rollouts=9), Policy(people=3, agreeing=3)
    project.set_options(after[0], policy=after[1])
    project.set_options(after[0], policy=after[1])
    assert project.undo_texts()[0] == project.undo()
    assert (project.last_options(), project.policy()) == before
    assert project.undo() is None, "what changes nothing is no step"
    project.redo()
    assert (project.last_options(), project.policy()) == after
