"""Model profiles in the window, on a file of their own and a server on loopback."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.studio import Studio
from app.views.models.dialog import ModelsDialog
from app.views.pipeline.space import PipelineSpace
from app.widgets.field import CheckedField, Field
from hopchain_core.profiles.book import ProfileBook, read_profile
from tests.core.backends.vlm.fake_server import MODEL, serving


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProfileBook:
    monkeypatch.setenv("HOPCHAIN_PROFILES", str(tmp_path / "profiles.json"))
    return ProfileBook()


def opened(composed: Composed) -> ModelsDialog:
    composed.studio.actions.trigger("app.models")
    return composed.window.findChildren(ModelsDialog)[-1]


def click(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


def write(dialog: ModelsDialog, name: str, text: str) -> None:
    field = dialog.editor.form.input(name)
    assert isinstance(field, Field)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)


def test_that_a_server_is_added_with_its_key_in_a_variable(composed: Composed, qtbot: QtBot, book: ProfileBook) -> None:
    dialog = opened(composed)
    dialog.add("endpoint")
    write(dialog, "name", "near")
    write(dialog, "url", "http://127.0.0.1:9/v1")
    write(dialog, "model", "tiny")
    dialog.editor.key_at.setCurrentIndex(1)
    QTest.keyClicks(dialog.editor.variable, "MY_KEY")
    click(dialog.keep)
    qtbot.waitUntil(lambda: len(book.all()) == 1)
    assert book.get("near").model_dump()["key"] == "env:MY_KEY"


def test_that_an_address_that_is_none_is_refused_in_words(composed: Composed, qtbot: QtBot, book: ProfileBook) -> None:
    dialog = opened(composed)
    dialog.add("endpoint")
    write(dialog, "name", "near")
    write(dialog, "url", "ftp://x")
    write(dialog, "model", "tiny")
    click(dialog.keep)
    field = dialog.editor.form.input("url")
    holder = field.parentWidget()
    assert isinstance(holder, CheckedField)
    qtbot.waitUntil(lambda: "http://" in holder.refusal.text())
    # It stands at its field, and nowhere else.
    assert dialog.said.text() == ""
    assert book.all() == ()
    write(dialog, "url", "http://x")
    assert holder.refusal.text() == ""


def test_that_a_removed_model_comes_back(composed: Composed, qtbot: QtBot, book: ProfileBook) -> None:
    book.put(read_profile({"kind": "sam3", "name": "cutter"}))
    toasts: list[object] = []
    composed.studio.toast_asked.connect(toasts.append)
    dialog = opened(composed)
    qtbot.waitUntil(lambda: dialog.gone.isEnabled())
    click(dialog.gone)
    qtbot.waitUntil(lambda: bool(toasts))
    assert book.all() == ()
    toasts[0].run()  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: [p.name for p in book.all()] == ["cutter"])


def test_that_a_removed_model_is_brought_back_without_leaving(
    composed: Composed, qtbot: QtBot, book: ProfileBook
) -> None:
    book.put(read_profile({"kind": "sam3", "name": "cutter"}))
    dialog = opened(composed)
    qtbot.waitUntil(lambda: dialog.gone.isEnabled())
    click(dialog.gone)
    qtbot.waitUntil(lambda: dialog.back.isVisible())
    click(dialog.back)
    qtbot.waitUntil(lambda: [p.name for p in book.all()] == ["cutter"])


def test_that_a_copy_gets_a_free_name(composed: Composed, qtbot: QtBot, book: ProfileBook) -> None:
    book.put(read_profile({"kind": "sam3", "name": "cutter"}))
    dialog = opened(composed)
    qtbot.waitUntil(lambda: dialog.copy.isEnabled())
    click(dialog.copy)
    qtbot.waitUntil(lambda: [p.name for p in book.all()] == ["cutter", "cutter 2"])


def test_that_a_check_is_noted(composed: Composed, qtbot: QtBot, book: ProfileBook) -> None:
    with serving() as server:
        book.put(read_profile({"kind": "endpoint", "name": "near", "url": server.url, "model": MODEL}))
        dialog = opened(composed)
        qtbot.waitUntil(lambda: dialog.check.isEnabled())
        click(dialog.check)
        qtbot.waitUntil(lambda: "answered" in dialog.said.text(), timeout=15000)
    assert book.get("near").model_dump()["can"] is not None
    assert "pictures: yes" in dialog.can.text()


def test_that_a_set_up_is_added_beside_what_is_there(composed: Composed, qtbot: QtBot, book: ProfileBook) -> None:
    book.put(read_profile({"kind": "sam3", "name": "sam3"}))
    dialog = opened(composed)
    menu = dialog.menu()
    next(a for a in menu.actions() if a.text().startswith("One card of 24 GB")).trigger()
    menu.close()
    qtbot.waitUntil(lambda: len(book.all()) == 4)
    assert [p.name for p in book.all()] == ["author", "sam3", "sam3 2", "weak"]


def test_that_the_pipeline_leads_to_the_models(
    studio: Studio, composed: Composed, qtbot: QtBot, book: ProfileBook
) -> None:
    studio.go("pipeline")
    space = composed.window.findChild(PipelineSpace)
    assert space is not None
    qtbot.waitUntil(lambda: space.presenter.overview is not None)
    overview = space.presenter.overview
    assert overview is not None
    space.settings.show_stage("compose", overview)
    assert space.settings.models.isHidden()
    space.settings._show_backend("vlm", {})
    assert not space.settings.models.isHidden()
    space.settings.models.click()
    assert composed.window.findChildren(ModelsDialog)
