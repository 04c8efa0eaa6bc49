"""Undo and redo as rows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Annotation, Mark, MarkKind, Outcome
from hopchain_core.errors import StaleUndoError
from hopchain_core.store import schema
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_chains import drop_annotation, write_annotation, write_chains, write_mark
from hopchain_core.store.rows_runs import write_fact
from hopchain_core.store.rows_sources import write_image, write_instances
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.store.samples import chain, image, instance, work

KEY = ChainKey("00ff00ff00ff00ff")
Content = dict[str, list[tuple[Any, ...]]]


def content(project: ProjectFile) -> Content:
    """Every row of every table but those of undo itself."""
    with project.read() as reader:
        return {
            table.name: [tuple(row) for row in reader._conn.execute(select(table).order_by(*table.primary_key))]
            for table in schema.metadata.sorted_tables
            if not table.name.startswith("undo_")
        }


def accept(uow: UnitOfWork) -> None:
    write_mark(uow, Mark(chain=KEY, kind=MarkKind.ACCEPT))


def flag(uow: UnitOfWork) -> None:
    write_mark(uow, Mark(chain=KEY, kind=MarkKind.FLAG, reason="look again"))


def test_that_undo_and_redo_walk_through_the_same_states(project: ProjectFile) -> None:
    states = [content(project)]
    for text, edit in (("Accept", accept), ("Flag", flag), ("Clear", lambda uow: write_mark(uow, None, KEY))):
        project.edit(text, edit)
        states.append(content(project))
    assert [project.undo(), project.undo()] == ["Clear", "Flag"]
    assert content(project) == states[1]
    assert project.undo_texts() == ("Accept", "Flag")
    assert [project.redo(), project.redo(), project.redo()] == ["Flag", "Clear", None]
    assert content(project) == states[3]


def test_that_steps_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "p.hopchain"
    with ProjectFile.create(path) as project:
        project.edit("Accept", accept)
        project.edit("Flag", flag)
        project.undo()
    with ProjectFile.open(path) as project:
        assert project.undo_texts() == ("Accept", "Flag")
        assert project.redo() == "Flag"
        assert [project.undo(), project.undo(), project.undo()] == ["Flag", "Accept", None]
        with project.read() as reader:
            assert reader.mark(KEY) is None


def test_that_a_new_edit_forgets_what_was_undone(project: ProjectFile) -> None:
    project.edit("Accept", accept)
    project.undo()
    project.edit("Flag", flag)
    assert project.undo_texts() == ("Flag", None)
    assert project.redo() is None


def test_that_an_edit_that_changes_nothing_is_no_step(project: ProjectFile) -> None:
    project.edit("Accept", accept)
    before = project.undo_texts()
    project.edit("Look", lambda uow: None)
    project.edit("Clear another", lambda uow: write_mark(uow, None, ChainKey("ab" * 8)))
    project.edit("Rename to the same", lambda uow: write_fact(uow, "seed", "7"))
    assert project.undo_texts() == before


def test_that_what_jobs_write_is_not_undone(project: ProjectFile) -> None:
    project.edit("Accept", accept)
    project.writer.submit(lambda uow: write_image(uow, image())).result()
    assert project.undo() == "Accept"
    assert project.undo() is None
    with project.read() as reader:
        assert reader.image_count() == 1


def refuses(project: ProjectFile, call: Callable[[], object]) -> None:
    before, texts = content(project), project.undo_texts()
    with pytest.raises(StaleUndoError) as caught:
        call()
    assert caught.value.hint
    assert content(project) == before
    assert project.undo_texts() == texts


def test_that_a_row_changed_since_is_not_overwritten(project: ProjectFile) -> None:
    def two_rows(uow: UnitOfWork) -> None:
        accept(uow)
        write_mark(uow, Mark(chain=ChainKey("ab" * 8), kind=MarkKind.ACCEPT))

    project.edit("Accept two", two_rows)
    project.writer.submit(flag).result()
    refuses(project, project.undo)
    project.writer.submit(lambda uow: write_mark(uow, None, KEY)).result()
    refuses(project, project.undo)


def test_that_a_step_that_cannot_be_undone_is_left_out_and_bars_no_other(project: ProjectFile) -> None:
    project.edit("Rename", lambda uow: write_fact(uow, "seed", "8"))
    project.edit("Accept", accept)
    project.writer.submit(flag).result()
    refuses(project, project.undo)
    left = content(project)
    assert project.leave_out() == "Accept"
    assert content(project) == left
    assert project.undo() == "Rename"
    assert project.leave_out() is None


def test_that_redo_refuses_a_row_that_came_meanwhile(project: ProjectFile) -> None:
    project.edit("Accept", accept)
    project.undo()
    project.writer.submit(flag).result()
    refuses(project, project.redo)


def test_that_undo_refuses_to_take_a_row_away_from_under_others(project: ProjectFile) -> None:
    picture = image()
    project.edit("Add a picture", lambda uow: write_image(uow, picture))
    project.writer.submit(
        lambda uow: write_instances(uow, work(uow, "segment", picture.key), [instance(picture)])
    ).result()
    refuses(project, project.undo)


def test_that_undo_refuses_where_another_row_took_the_place(project: ProjectFile) -> None:
    answer = Annotation(chain=KEY, annotator="ann", outcome=Outcome.ANSWERED, answer=Answer.of(3))
    project.writer.submit(lambda uow: write_annotation(uow, answer)).result()
    project.edit("Take back", lambda uow: drop_annotation(uow, KEY, "ann"))
    project.writer.submit(lambda uow: write_annotation(uow, answer)).result()
    refuses(project, project.undo)


def test_that_undo_refuses_a_row_whose_parent_is_gone(project: ProjectFile) -> None:
    picture = image()
    project.writer.submit(lambda uow: write_image(uow, picture)).result()
    project.edit("Draw", lambda uow: write_instances(uow, None, [instance(picture)]))
    project.undo()
    project.writer.submit(lambda uow: uow.drop("image", (1,))).result()
    refuses(project, project.redo)


def test_that_dropping_a_row_brings_back_all_that_hung_on_it(project: ProjectFile) -> None:
    picture, other = image("a"), image("b")

    def fill(uow: UnitOfWork) -> None:
        for made in (picture, other):
            write_image(uow, made)
            write_instances(uow, work(uow, "segment", made.key), [instance(made), instance(made, 2)])
            write_chains(uow, work(uow, "compose", made.key), [chain(made)])

    project.writer.submit(fill).result()
    before = content(project)
    project.edit("Remove a picture", lambda uow: uow.drop(schema.image, (1,)))
    after = content(project)
    assert [len(after[name]) for name in ("image", "instance", "chain_image")] == [1, 2, 1]
    project.undo()
    assert content(project) == before
    project.redo()
    assert content(project) == after


def test_that_row_numbers_are_not_handed_out_twice(project: ProjectFile) -> None:
    picture = image()
    project.writer.submit(lambda uow: write_image(uow, picture)).result()
    (first,) = project.edit("Write", lambda uow: write_chains(uow, None, [chain(picture)]))
    project.undo()
    (second,) = project.writer.submit(lambda uow: write_chains(uow, None, [chain(picture, "Which?")])).result()
    assert second > first
    assert project.redo() == "Write"


def test_that_the_oldest_of_many_steps_can_still_be_taken_back(project: ProjectFile) -> None:
    def pretend_many(uow: UnitOfWork) -> None:
        for number in range(3000):
            uow.put("undo_step", {"text": f"{number}", "made_at": "", "state": "done"})

    project.edit("First", accept)
    project.writer.submit(pretend_many).result()
    assert [project.undo() for _ in range(3000)][-1] == "0"
    assert project.undo() == "First"
    assert project.undo() is None


# What one edit does: a list of writes over a handful of keys, with parents and children among them.
NAMES = st.sampled_from("abc")
WRITES = st.one_of(
    st.tuples(st.just("mark"), NAMES, st.sampled_from(list(MarkKind)), st.text(max_size=3)),
    st.tuples(st.just("clear"), NAMES),
    st.tuples(st.just("answer"), NAMES, NAMES, st.integers(-5, 5)),
    st.tuples(st.just("retract"), NAMES, NAMES),
    st.tuples(st.just("picture"), NAMES),
    st.tuples(st.just("instance"), NAMES, st.integers(0, 4), st.booleans()),
    st.tuples(st.just("chain"), NAMES, st.text(max_size=3)),
    st.tuples(st.just("drop"), st.sampled_from(["image", "instance", "chain", "annotation"]), st.integers(1, 6)),
    st.tuples(st.just("rename"), st.integers(1, 4), st.text(max_size=3)),
)


def perform(uow: UnitOfWork, write: tuple[Any, ...]) -> None:
    match write:
        case ("mark", name, kind, reason):
            write_mark(uow, Mark(chain=ChainKey(name * 16), kind=kind, reason=reason))
        case ("clear", name):
            write_mark(uow, None, ChainKey(name * 16))
        case ("answer", name, who, number):
            write_annotation(
                uow,
                Annotation(
                    chain=ChainKey(name * 16), annotator=who, outcome=Outcome.ANSWERED, answer=Answer.of(number)
                ),
            )
        case ("retract", name, who):
            drop_annotation(uow, ChainKey(name * 16), who)
        case ("picture", name):
            write_image(uow, image(name))
        case ("instance", name, x, has_score):
            write_image(uow, image(name))
            write_instances(uow, None, [instance(image(name), x, score=0.1 if has_score else None)])
        case ("chain", name, question):
            write_image(uow, image(name))
            write_chains(uow, None, [chain(image(name), question)])
        case ("drop", table, number):
            uow.drop(table, (number,))
        case ("rename", number, path):
            if uow.get("image", (number,)):
                uow.put("image", {"id": number, "path": path})


def perform_all(uow: UnitOfWork, writes: list[tuple[Any, ...]]) -> None:
    for write in writes:
        perform(uow, write)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(st.lists(WRITES, max_size=6), max_size=6))
def test_that_undoing_and_redoing_all_passes_every_state_between(
    tmp_path_factory: pytest.TempPathFactory, groups: list[list[tuple[Any, ...]]]
) -> None:
    path = tmp_path_factory.mktemp("undo") / "p.hopchain"
    with ProjectFile.create(path) as project:
        states = [content(project)]
        for number, group in enumerate(groups):
            project.edit(str(number), partial(perform_all, writes=group))
            now = content(project)
            if project.undo_texts()[0] == str(number):
                states.append(now)
            else:
                assert now == states[-1]
        steps = len(states) - 1
        seen = [states[-1]]
        while project.undo() is not None:
            seen.append(content(project))
        assert seen == states[::-1]
    with ProjectFile.open(path) as project:
        seen = [content(project)]
        while project.redo() is not None:
            seen.append(content(project))
        assert seen == states
        assert len(seen) == steps + 1
