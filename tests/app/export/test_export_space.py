"""The export looked at and written by keys and mouse, on a real project."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio
from app.views.export.space import ExportSpace
from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.exporting import Preview, Reason, Terms

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def space(composed: Composed, studio: Studio, qtbot: QtBot) -> ExportSpace:
    studio.go("export")
    found = composed.window.stack.currentWidget()
    assert isinstance(found, ExportSpace)
    qtbot.waitUntil(lambda: found.presenter.preview is not None)
    return found


def changed(space: ExportSpace, qtbot: QtBot, do: Callable[[], object]) -> Preview:
    """What is shown after something was done that looks again."""
    before = space.presenter.preview
    do()

    def is_settled() -> bool:
        found = space.presenter.preview
        return found is not before and found is not None and found.unsure == 0

    qtbot.waitUntil(is_settled)
    found = space.presenter.preview
    assert found is not None
    return found


def switch(space: ExportSpace, qtbot: QtBot, name: str) -> Preview:
    return changed(space, qtbot, lambda: QTest.mouseClick(space.terms.switches[name], LEFT))


def test_that_nothing_is_taken_without_people_and_it_says_why(space: ExportSpace) -> None:
    assert space.presenter.preview is not None
    assert space.presenter.preview.taken == 0
    assert not space.terms.export.isEnabled()
    assert "--accept-by-construction" in space.none_here.hint.text() or "no person" in space.none_here.hint.text()


def test_that_switches_take_more_and_the_list_follows(space: ExportSpace, qtbot: QtBot) -> None:
    QAbstractItemModelTester(space.rows, QAbstractItemModelTester.FailureReportingMode.Fatal, space)
    switch(space, qtbot, "accept_by_construction")
    taken = switch(space, qtbot, "allow_simulated").taken
    assert taken > 0
    assert space.rows.rowCount() == taken
    assert space.terms.export.text() == f"Export {taken} records"
    more = switch(space, qtbot, "keep_too_easy").taken
    assert space.rows.rowCount() == more >= taken


def test_that_an_export_is_written_where_the_field_says(
    space: ExportSpace, studio: Studio, qtbot: QtBot, tmp_path: Path
) -> None:
    switch(space, qtbot, "accept_by_construction")
    taken = switch(space, qtbot, "allow_simulated").taken
    out = tmp_path / "mine"
    space.terms.folder.setFocus()
    space.terms.folder.selectAll()
    QTest.keyClicks(space.terms.folder, str(out))
    QTest.mouseClick(space.terms.export, LEFT)
    qtbot.waitUntil(lambda: (out / "manifest.json").exists() and not space.presenter.is_writing, timeout=15000)
    lines = (out / "records.jsonl").read_text().splitlines()
    assert len(lines) == taken
    assert json.loads((out / "manifest.json").read_text())["terms"]["allow_simulated"] is True
    qtbot.waitUntil(lambda: space.terms.open_folder.isVisible())
    # Next time it goes there again.
    assert space.presenter.folder == str(out)


def test_that_a_folder_with_other_files_is_refused_beneath_the_field(
    space: ExportSpace, qtbot: QtBot, tmp_path: Path
) -> None:
    switch(space, qtbot, "accept_by_construction")
    switch(space, qtbot, "allow_simulated")
    mine = tmp_path / "full"
    mine.mkdir()
    (mine / "letter.txt").write_text("dear")
    space.presenter.export(str(mine))
    qtbot.waitUntil(lambda: space.terms.checked_folder.refusal.isVisible())
    assert "other files" in space.terms.checked_folder.refusal.text()
    assert [p.name for p in mine.iterdir()] == ["letter.txt"]


def test_that_a_cancelled_export_leaves_nothing(
    space: ExportSpace, studio: Studio, qtbot: QtBot, tmp_path: Path
) -> None:
    switch(space, qtbot, "accept_by_construction")
    switch(space, qtbot, "allow_simulated")
    toasts: list[str] = []
    studio.toast_asked.connect(lambda toast: toasts.append(toast.text))
    space.presenter.export(str(tmp_path / "gone"))
    QTest.mouseClick(space.terms.export, LEFT)
    qtbot.waitUntil(lambda: not space.presenter.is_writing, timeout=15000)
    assert any("cancelled" in text for text in toasts)
    assert not (tmp_path / "gone").exists()


def test_that_a_record_is_shown_and_copied_as_it_is_written(space: ExportSpace, studio: Studio, qtbot: QtBot) -> None:
    switch(space, qtbot, "accept_by_construction")
    preview = switch(space, qtbot, "allow_simulated")
    second = [row for row in preview.rows if row.reason is None][1]
    space.list.setFocus()
    QTest.keyClick(space.list, Qt.Key.Key_Home)
    QTest.keyClick(space.list, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: f'"{second.answer}"' in space.record.text.toPlainText())
    QTest.mouseClick(space.record.copy, LEFT)
    record = json.loads(QApplication.clipboard().text())
    assert record["question"] == second.question
    assert studio.project is not None
    terms = Terms(accept_by_construction=True, allow_simulated=True)
    assert json.loads(studio.project.export_record(second.number, terms)) == record


def test_that_what_is_left_out_is_listed_by_reason(
    space: ExportSpace, composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    assert studio.project is not None
    with studio.project.read() as read:
        stored = next(iter(read.chains()))
    mark = Mark(chain=stored.chain.key, kind=MarkKind.REJECT, reason="dull")
    changed(space, qtbot, lambda: studio.bridge.edit(lambda: studio.need_project().mark(mark, by=studio)))
    QTest.keyClick(composed.window, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: space.reasons.isVisible())
    place = space.reasons.findData(Reason.REJECTED.value)
    space.reasons.setCurrentIndex(place)
    assert space.rows.rowCount() == 1
    space.list.choose(0)
    qtbot.waitUntil(lambda: "dull" in space.record.reason.text())
    QTest.keyClick(space.list, Qt.Key.Key_Return)
    assert studio.space == "chains"


def test_that_words_find_chains(space: ExportSpace, composed: Composed, qtbot: QtBot) -> None:
    switch(space, qtbot, "accept_by_construction")
    preview = switch(space, qtbot, "allow_simulated")
    first = next(row for row in preview.rows if row.reason is None)
    QTest.keyClick(composed.window, Qt.Key.Key_Slash)
    assert space.search.hasFocus()
    QTest.keyClicks(space.search, f"C-{first.number:04}")
    assert space.rows.rowCount() == 1


def test_that_terms_are_kept(space: ExportSpace, studio: Studio, qtbot: QtBot) -> None:
    switch(space, qtbot, "need_licence")
    QTest.keyClick(space.terms.variant, Qt.Key.Key_Right)
    kept = studio.settings.get("export.terms")[str(studio.need_project().path)]
    assert kept["need_licence"] is True
    assert kept["variant"] == "half"


def test_that_a_look_that_was_left_is_taken_up_again(
    space: ExportSpace, composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    presenter = space.presenter
    presenter.look()
    studio.go("chains")
    presenter.preview = None
    studio.go("export")
    qtbot.waitUntil(lambda: presenter.preview is not None and presenter.preview.unsure == 0)


def test_that_a_first_answer_says_what_is_still_open(space: ExportSpace, qtbot: QtBot) -> None:
    switch(space, qtbot, "accept_by_construction")
    switch(space, qtbot, "allow_simulated")
    seen: list[int] = []
    space.presenter.preview_shown.connect(lambda preview: seen.append(preview.unsure))
    final = changed(space, qtbot, lambda: QTest.keyClick(space.terms.variant, Qt.Key.Key_Right))
    assert seen[0] > 0
    assert seen[-1] == final.unsure == 0
    assert "still to be" not in space.head.figure.text()
