"""A preview says beforehand what an export then writes and leaves out."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from hopchain_core.cli.main import run
from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.export.admission import Reason, Terms, Variant
from hopchain_core.export.exporter import ExportCancelledError, NothingToExportError
from hopchain_core.export.one_record import LeftOutError
from hopchain_core.export.preview import Preview
from hopchain_core.project import Project

ALL = Terms(accept_by_construction=True, allow_simulated=True)
TERMS = [
    Terms(),
    ALL,
    Terms(accept_by_construction=True, allow_simulated=True, keep_too_easy=True),
    Terms(accept_by_construction=True, allow_simulated=True, without_flagged=True),
    Terms(accept_by_construction=True, allow_simulated=True, without_warned=True),
    Terms(accept_by_construction=True, need_difficulty=True),
    Terms(accept_by_construction=True, allow_simulated=True, need_licence=True),
    Terms(accept_by_construction=True, allow_simulated=True, variant=Variant.HALF),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "d"
    # Through the front door: a command called alone would keep options that it does not have among the others.
    assert run(["demo", str(folder), "--scenes", "6", "--seed", "3"]) == 0
    path = next(folder.glob("*.hopchain"))
    with Project.open(path) as project:
        with project.read() as read:
            numbers = [stored.chain.key for stored in read.chains()]
        project.mark(Mark(chain=numbers[0], kind=MarkKind.FLAG, reason="look again"))
        project.mark(Mark(chain=numbers[1], kind=MarkKind.REJECT, reason="dull"))
    return path


@pytest.mark.parametrize("terms", TERMS, ids=str)
def test_that_an_export_writes_what_the_preview_says(made: Path, tmp_path: Path, terms: Terms) -> None:
    with Project.open(made) as project:
        preview = project.export_preview(terms)
        assert preview is not None
        if preview.taken == 0:
            with pytest.raises(NothingToExportError) as caught:
                project.export(tmp_path / "out", terms)
            assert caught.value.left_out == preview.left_out
            return
        summary = project.export(tmp_path / "out", terms)
    assert (summary.records, summary.images, summary.left_out) == (preview.taken, preview.pictures, preview.left_out)
    records = [json.loads(line) for line in (tmp_path / "out" / "records.jsonl").read_text().splitlines()]
    taken = [row for row in preview.rows if row.reason is None]
    assert [(r["question"], r["answer"], r["split"], len(r["hops"])) for r in records] == [
        (row.question, row.answer, row.split, row.hops) for row in taken
    ]


def test_that_each_switch_names_its_own_reason(made: Path) -> None:
    with Project.open(made) as project:

        def reasons(terms: Terms) -> Counter[Reason | None]:
            found = project.export_preview(terms)
            assert found is not None
            return Counter(row.reason for row in found.rows)

        assert reasons(ALL)[Reason.REJECTED] == 1
        flagged = Terms(accept_by_construction=True, allow_simulated=True, without_flagged=True)
        assert reasons(flagged)[Reason.FLAGGED] + reasons(flagged)[Reason.TOO_EASY] >= 1
        assert reasons(Terms(accept_by_construction=True))[None] == 0
        easy = reasons(ALL)[Reason.TOO_EASY]
        kept = reasons(Terms(accept_by_construction=True, allow_simulated=True, keep_too_easy=True))
        assert kept[None] == reasons(ALL)[None] + easy


def test_that_one_record_is_shown_as_it_is_written(made: Path, tmp_path: Path) -> None:
    with Project.open(made) as project:
        preview = project.export_preview(ALL)
        assert preview is not None
        project.export(tmp_path / "out", ALL)
        first = next(row for row in preview.rows if row.reason is None)
        written = json.loads((tmp_path / "out" / "records.jsonl").read_text().splitlines()[0])
        assert json.loads(project.export_record(first.number, ALL)) == written
        out = next(row for row in preview.rows if row.reason is Reason.REJECTED)
        with pytest.raises(LeftOutError) as caught:
            project.export_record(out.number, ALL)
        assert caught.value.reason is Reason.REJECTED


def test_that_a_missing_picture_is_seen_beforehand(made: Path) -> None:
    with Project.open(made) as project:
        with project.read() as read:
            image = read.image(next(iter(read.chains())).chain.image)
        file = project.folder / image.path
        moved = file.with_suffix(".away")
        file.rename(moved)
        try:
            preview = project.export_preview(ALL)
        finally:
            moved.rename(file)
    assert preview is not None
    of_picture = [row for row in preview.rows if row.image == image.key and row.reason is not Reason.REJECTED]
    assert {row.reason for row in of_picture} <= {Reason.PICTURE_MISSING, Reason.TOO_EASY}
    assert any(row.reason is Reason.PICTURE_MISSING for row in of_picture)


def test_that_a_cancelled_export_leaves_nothing(made: Path, tmp_path: Path) -> None:
    with Project.open(made) as project:
        with pytest.raises(ExportCancelledError):
            project.export(tmp_path / "out", ALL, is_cancelled=lambda: True)
        assert list(tmp_path.iterdir()) == []
        assert project.export_preview(ALL, is_cancelled=lambda: True) is None


def test_that_a_chain_is_computed_again_only_where_its_picture_changed(made: Path, tmp_path: Path) -> None:
    firsts: list[Preview] = []
    path = tmp_path / "d" / made.name
    shutil.copytree(made.parent, path.parent)
    with Project.open(path) as project:
        untouched = project.export_preview(ALL, first=firsts.append)
        assert untouched is not None
        # Only what a rule found an error in is looked at again.
        errors = untouched.left_out.get(Reason.RULE_ERROR, 0)
        assert [preview.unsure for preview in firsts] == [errors] * bool(errors)
        row = next(row for row in untouched.rows if row.reason is None)
        with project.read() as read:
            instance = read.instances(row.image)[0]
        project.remove_instances([instance.key])
        firsts.clear()
        changed = project.export_preview(ALL, first=firsts.append)
        assert changed is not None
        of_picture = sum(r.image == row.image and r.reason is not Reason.REJECTED for r in changed.rows)
        assert firsts[0].unsure >= of_picture
        assert changed.unsure == 0
        summary = project.export(tmp_path / "out", ALL)
    assert (summary.records, summary.left_out) == (changed.taken, changed.left_out)
    assert changed.left_out[Reason.STALE] > 0


@pytest.mark.parametrize("variant", [Variant.HALF, Variant.SINGLE])
def test_that_a_first_answer_comes_before_questions_are_shortened(made: Path, variant: Variant) -> None:
    firsts: list[Preview] = []
    terms = replace(ALL, variant=variant)
    with Project.open(made, read_only=True) as project:
        found = project.export_preview(terms, first=firsts.append)
        whole = project.export_preview(ALL)
    assert found is not None
    assert whole is not None
    assert [preview.taken for preview in firsts] == [whole.taken]
    assert firsts[0].unsure >= whole.taken
    assert found.taken + found.left_out.get(Reason.VARIANT_UNFIT, 0) == whole.taken


def test_that_many_chains_are_not_waited_for(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    firsts: list[Preview] = []
    monkeypatch.setattr("hopchain_core.export.preview.BATCH", 2)
    monkeypatch.setattr("hopchain_core.store.reads_preview.BATCH", 2)
    monkeypatch.setattr("hopchain_core.export.preview.AT_FIRST", 4)
    with Project.open(made, read_only=True) as project:
        found = project.export_preview(ALL, first=firsts.append)
    assert found is not None
    begun, *_ = firsts
    assert begun.rows == found.rows[:4] or begun.unsure > len(found.rows) - 4
    assert begun.unsure >= len(found.rows) - 4
    assert found.unsure == 0
