"""The trainer's format chosen, looked at and written by keys and mouse."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.models.export_formats import FORMATS, files_of
from app.presenters.export import ExportPresenter
from app.studio import Studio
from app.views.export.space import ExportSpace
from hopchain_core.exporting import EMBEDDED, Format, Preview, Reason, Terms, can_be_relative

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def space(composed: Composed, studio: Studio, qtbot: QtBot) -> ExportSpace:
    """The space with as much taken as can be."""
    studio.go("export")
    found = composed.window.stack.currentWidget()
    assert isinstance(found, ExportSpace)
    qtbot.waitUntil(lambda: found.presenter.preview is not None)
    for name in ("accept_by_construction", "allow_simulated"):
        looked_again(found, qtbot, lambda name=name: QTest.mouseClick(found.terms.switches[name], LEFT))  # type: ignore[misc]
    return found


def looked_again(space: ExportSpace, qtbot: QtBot, do: Callable[[], object]) -> Preview:
    """What is shown after something was done that looks at the chains again."""
    before = space.presenter.preview
    do()

    def is_settled() -> bool:
        found = space.presenter.preview
        return found not in (None, before) and found.unsure == 0

    qtbot.waitUntil(is_settled)
    found = space.presenter.preview
    assert found is not None
    return found


def choose(space: ExportSpace, form: Format) -> None:
    """By the keyboard: from the first on, downwards."""
    select = space.terms.format.form
    select.setFocus()
    QTest.keyClick(select, Qt.Key.Key_Home)
    for _ in range(list(Format).index(form)):
        QTest.keyClick(select, Qt.Key.Key_Down)
    assert space.presenter.terms.format is form


def write(space: ExportSpace, qtbot: QtBot, out: Path) -> set[str]:
    """Writes into a folder by the field and the button; the names of its files."""
    space.terms.folder.setFocus()
    space.terms.folder.selectAll()
    QTest.keyClicks(space.terms.folder, str(out))
    QTest.mouseClick(space.terms.export, LEFT)
    qtbot.waitUntil(lambda: (out / "manifest.json").exists() and not space.presenter.is_writing, timeout=20000)
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


def rows_in(out: Path, ending: str = "jsonl") -> list[dict[str, Any]]:
    shards = [path for path in sorted(out.glob(f"*.{ending}")) if path.name != "records.jsonl"]
    return [json.loads(line) for path in shards for line in path.read_text().splitlines()]


@pytest.mark.parametrize("form", list(Format))
def test_that_each_format_is_written_with_the_files_it_names(
    form: Format, space: ExportSpace, qtbot: QtBot, tmp_path: Path
) -> None:
    if form is Format.HF:
        pytest.importorskip("pyarrow")
    choose(space, form)
    taken = space.presenter.preview.taken if space.presenter.preview else 0
    out = tmp_path / form.value
    found = write(space, qtbot, out)
    named = [name for name, _ in files_of(form)]
    assert [label.text() for label, _ in space.terms.format.files if not label.isHidden()] == named
    for name in named:
        if name != "validation.jsonl" and not name.endswith("/") and "*" not in name:
            assert any(each == name or each.startswith(name.split(".")[0] + "-") for each in found), name
    known = {name.rstrip("/").split(".")[0].split("/")[0] for name in named}
    assert {each.split("/")[0].split(".")[0] for each in found} <= known
    if form is Format.HF:
        assert any(each.startswith("data/") and each.endswith(".parquet") for each in found)
    elif form is not Format.NATIVE:
        assert len(rows_in(out)) == taken
    assert json.loads((out / "manifest.json").read_text())["terms"]["format"] == form.value


def test_that_the_row_shown_is_the_row_written(space: ExportSpace, qtbot: QtBot, tmp_path: Path) -> None:
    out = tmp_path / "verl"
    space.presenter.set_folder(str(out))
    space.list.choose(0)
    choose(space, Format.VERL)
    qtbot.waitUntil(lambda: '"reward_model"' in space.record.text.toPlainText())
    shown = json.loads(space.record.text.toPlainText())
    write(space, qtbot, out)
    written = next(row for row in rows_in(out) if row["extra_info"]["id"] == shown["extra_info"]["id"])
    for each in (shown, written):
        each["extra_info"].pop("index")
    assert shown == written
    assert Path(written["images"][0]["image"]).is_file()


@pytest.mark.parametrize("form", sorted(EMBEDDED))
def test_that_a_row_with_its_picture_inside_is_shown_without_its_bytes(
    form: Format, space: ExportSpace, qtbot: QtBot
) -> None:
    if form is Format.HF:
        pytest.importorskip("pyarrow")
    space.list.choose(0)
    choose(space, form)
    qtbot.waitUntil(lambda: "(the file's bytes)" in space.record.text.toPlainText())
    assert len(space.record.text.toPlainText()) < 20_000


def test_that_relative_paths_are_offered_only_where_a_loader_finds_them(
    space: ExportSpace, qtbot: QtBot, tmp_path: Path
) -> None:
    for form in Format:
        choose(space, form)
        assert space.terms.format.relative.isVisibleTo(space) is can_be_relative(form), form
    choose(space, Format.MS_SWIFT)
    QTest.mouseClick(space.terms.format.relative, LEFT)
    assert "ROOT_IMAGE_DIR" in space.terms.format.paths.text()
    out = tmp_path / "moved"
    write(space, qtbot, out)
    assert all((out / row["images"][0]).is_file() and row["images"][0].startswith("images/") for row in rows_in(out))
    # The next format would lose its rows: it is given up rather than refused at the end.
    choose(space, Format.VERL)
    assert space.presenter.terms.relative is False


def test_that_the_size_of_shards_is_taken_and_nonsense_is_refused(
    space: ExportSpace, qtbot: QtBot, tmp_path: Path
) -> None:
    choose(space, Format.TRL)
    choice = space.terms.format
    choice.shard_size.setFocus()
    QTest.keyClicks(choice.shard_size, "none")
    QTest.keyClick(choice.shard_size, Qt.Key.Key_Return)
    assert choice.shard_refusal.isVisibleTo(space)
    assert space.presenter.terms.shard_size == 0
    choice.shard_size.selectAll()
    QTest.keyClicks(choice.shard_size, "2")
    QTest.keyClick(choice.shard_size, Qt.Key.Key_Return)
    assert not choice.shard_refusal.isVisibleTo(space)
    found = write(space, qtbot, tmp_path / "cut")
    shards = sorted(name for name in found if name.startswith("train-"))
    assert len(shards) > 1
    assert all(len((tmp_path / "cut" / name).read_text().splitlines()) <= 2 for name in shards)


def test_that_listed_pictures_are_left_out_and_counted(
    space: ExportSpace, studio: Studio, qtbot: QtBot, tmp_path: Path
) -> None:
    preview = space.presenter.preview
    assert preview is not None
    picture = next(row for row in preview.rows if row.reason is None).image
    over = sum(row.image == picture and row.reason is None for row in preview.rows)
    listed = tmp_path / "benchmark.txt"
    listed.write_text(f"{picture} seen in a benchmark\n")
    field = space.terms.listed.file

    def name_it() -> None:
        field.setFocus()
        QTest.keyClicks(field, str(listed))
        QTest.keyClick(field, Qt.Key.Key_Return)

    found = looked_again(space, qtbot, name_it)
    assert found.taken == preview.taken - over
    assert found.left_out[Reason.LISTED_ELSEWHERE] == over
    assert space.terms.listed.count.text() == f"{over} out"
    write(space, qtbot, tmp_path / "out")
    assert picture not in (tmp_path / "out" / "records.jsonl").read_text()
    field.setFocus()
    assert looked_again(space, qtbot, lambda: QTest.keyClick(field, Qt.Key.Key_Escape)).taken == preview.taken


def test_that_a_list_that_cannot_be_read_is_refused_at_its_field(
    space: ExportSpace, studio: Studio, qtbot: QtBot, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("no hash here\n")
    field = space.terms.listed.file
    field.setFocus()
    QTest.keyClicks(field, str(wrong))
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: space.terms.listed.checked.refusal.isVisible())
    assert "line 1" in space.terms.listed.checked.refusal.text()
    assert not space.terms.export.isEnabled()
    assert not studio.actions.is_enabled("export.write")
    wrong.write_text("# nothing yet\n")
    looked_again(space, qtbot, lambda: QTest.mouseClick(space.terms.switches["keep_too_easy"], LEFT))
    assert space.terms.export.isEnabled()
    assert not space.terms.listed.checked.refusal.isVisible()


def test_that_a_missing_package_is_said_before_anything_is_written(
    space: ExportSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hopchain_core.export.formats.shown.importlib.util.find_spec", lambda name: None)
    choose(space, Format.HF)
    assert "pyarrow" in space.terms.format.missing.text()
    assert not space.terms.export.isEnabled()
    monkeypatch.undo()
    choose(space, Format.TRL)
    assert space.terms.export.isEnabled()


def test_that_the_format_is_remembered_for_this_project_alone(
    space: ExportSpace, studio: Studio, tmp_path: Path
) -> None:
    choose(space, Format.EASYR1)
    QTest.mouseClick(space.terms.format.relative, LEFT)
    again = ExportPresenter(studio)
    assert again.terms == space.presenter.terms
    kept = studio.settings.get("export.terms")
    studio.settings.set("export.terms", {"/another.hopchain": kept[str(studio.need_project().path)]})
    assert ExportPresenter(studio).terms == Terms()


def test_that_every_format_says_what_it_is_for(space: ExportSpace) -> None:
    assert set(FORMATS) == set(Format)
    for form in Format:
        choose(space, form)
        assert space.terms.format.purpose.text() == FORMATS[form].purpose
