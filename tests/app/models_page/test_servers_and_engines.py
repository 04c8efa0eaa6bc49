"""Servers started and stopped, engines set up, and edits that are not lost, in the dialog of models."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.composition import Composed
from hopchain_core import models
from hopchain_core.errors import PrerequisiteError
from hopchain_core.profiles.book import ProfileBook, read_profile
from tests.app.models_page.test_models_dialog import book, click, opened, write
from tests.core.backends.servers.processes import is_alive, pids

ROOT = Path(__file__).parents[3]
__all__ = ["book"]


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A "Python" that runs a stand-in for vLLM."""
    monkeypatch.setenv("HOPCHAIN_LEASES", str(tmp_path / "leases"))
    monkeypatch.setenv("FAKE_VLLM_PIDS", str(tmp_path / "pids"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    path = tmp_path / "python"
    path.write_text(f'#!/bin/sh\nexec {sys.executable} -m tests.core.backends.servers.fake_vllm "$@"\n')
    path.chmod(0o755)
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at through /proc")
def test_that_a_server_is_started_with_its_log_in_view_and_stopped(
    composed: Composed, qtbot: QtBot, book: ProfileBook, python: Path
) -> None:
    book.put(read_profile({"kind": "vllm", "name": "weak", "model": "tiny", "python": str(python)}))
    dialog = opened(composed)
    qtbot.waitUntil(lambda: not dialog.tabs.isHidden())
    dialog._choose_tab("server")
    click(dialog.server.button)
    qtbot.waitUntil(lambda: dialog.server.state.text() == "Ready", timeout=20_000)
    qtbot.waitUntil(lambda: "loading tiny" in dialog.server.log.toPlainText())
    assert "http://127.0.0.1:" in dialog.server.text.text()
    click(dialog.server.button)
    qtbot.waitUntil(lambda: dialog.server.state.text() == "Not started", timeout=20_000)
    assert not any(map(is_alive, pids(python)))


def test_that_only_vllm_has_a_server(composed: Composed, qtbot: QtBot, book: ProfileBook) -> None:
    book.put(read_profile({"kind": "sam3", "name": "cutter"}))
    dialog = opened(composed)
    qtbot.waitUntil(lambda: dialog.gone.isEnabled())
    assert dialog.tabs.isHidden()


def test_that_edits_stay_when_another_row_is_looked_at(composed: Composed, qtbot: QtBot, book: ProfileBook) -> None:
    for name in ("cutter", "other"):
        book.put(read_profile({"kind": "sam3", "name": name}))
    dialog = opened(composed)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    write(dialog, "model", "/models/mine")
    dialog.list.setCurrentIndex(dialog.model.index(1, 0))
    assert dialog.editor.form.texts["model"] == "facebook/sam3"
    assert dialog.discard.isHidden()
    assert "cutter · not kept yet" in str(dialog.model.index(0, 0).data())
    dialog.list.setCurrentIndex(dialog.model.index(0, 0))
    assert dialog.editor.form.texts["model"] == "/models/mine"
    dialog.close()
    again = opened(composed)
    qtbot.waitUntil(lambda: again.editor.form.texts.get("model") == "/models/mine")
    click(again.keep)
    qtbot.waitUntil(lambda: book.get("cutter").model == "/models/mine")
    qtbot.waitUntil(lambda: "not kept" not in str(again.model.index(0, 0).data()))


def test_that_edits_can_be_given_up(composed: Composed, qtbot: QtBot, book: ProfileBook) -> None:
    book.put(read_profile({"kind": "sam3", "name": "cutter"}))
    dialog = opened(composed)
    qtbot.waitUntil(lambda: dialog.gone.isEnabled())
    write(dialog, "model", "/models/mine")
    click(dialog.discard)
    assert dialog.editor.form.texts["model"] == "facebook/sam3"
    assert dialog.discard.isHidden()


def test_that_a_name_that_is_taken_is_refused_at_the_name(composed: Composed, qtbot: QtBot, book: ProfileBook) -> None:
    book.put(read_profile({"kind": "sam3", "name": "cutter"}))
    dialog = opened(composed)
    qtbot.waitUntil(lambda: dialog.gone.isEnabled())
    dialog.add("sam3")
    write(dialog, "name", "Cutter")
    click(dialog.keep)
    holder: Any = dialog.editor.form.input("name").parentWidget()
    qtbot.waitUntil(lambda: holder.refusal.text() == "Another model has this name.")
    assert len(book.all()) == 1


def test_that_a_variable_left_out_is_refused_at_its_place(composed: Composed, qtbot: QtBot, book: ProfileBook) -> None:
    book.put(read_profile({"kind": "endpoint", "name": "near", "url": "http://x", "model": "m"}))
    dialog = opened(composed)
    qtbot.waitUntil(lambda: dialog.gone.isEnabled())
    dialog.editor.key_at.setCurrentIndex(1)
    click(dialog.keep)
    assert "which variable" in dialog.editor.key_refusal.text()
    assert not dialog.editor.key_refusal.isHidden()


def until_cancelled(
    engine: Any, on_line: Callable[[str], None], *, is_cancelled: Callable[[], bool], checkout: Path | None
) -> Path:
    on_line(f"Collecting {engine.name} {checkout or ''}".strip())
    while not is_cancelled():
        time.sleep(0.01)
    raise PrerequisiteError("Cancelled.")


def test_that_an_engine_is_set_up_with_its_progress_and_can_be_cancelled(
    composed: Composed, qtbot: QtBot, book: ProfileBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOPCHAIN_ENGINES", str(tmp_path / "engines"))
    monkeypatch.setattr(models.running, "set_up", until_cancelled)
    toasts: list[Any] = []
    composed.studio.toast_asked.connect(toasts.append)
    dialog = opened(composed)
    click(dialog.engines)
    qtbot.waitUntil(lambda: set(dialog.engines_page.rows) == {"vllm", "sam3", "sam3-native", "transformers", "trl"})
    row = dialog.engines_page.rows["sam3"]
    assert "6 GB" in row.found.text()
    click(row.button)
    qtbot.waitUntil(lambda: "Collecting sam3" in dialog.engines_page.log.toPlainText())
    assert row.button.text() == "Cancel"
    assert not dialog.engines_page.rows["vllm"].button.isEnabled()
    click(row.button)
    qtbot.waitUntil(lambda: row.button.text() == "Set up")
    qtbot.waitUntil(lambda: bool(toasts))
    assert "cancelled" in toasts[0].text


def test_that_metas_own_package_is_set_up_from_the_folder_chosen(
    composed: Composed, qtbot: QtBot, book: ProfileBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOPCHAIN_ENGINES", str(tmp_path / "engines"))
    monkeypatch.setattr(models.running, "set_up", until_cancelled)
    dialog = opened(composed)
    click(dialog.engines)
    page = dialog.engines_page
    qtbot.waitUntil(lambda: "sam3-native" in page.rows)
    row = page.rows["sam3-native"]
    assert "not its authors' release" in row.about.text()
    assert row.button.text() == "Set up…"
    chooser = page.ask_checkout("sam3-native")
    assert chooser.windowTitle() == "The folder that sam3 was cloned into"
    chooser.fileSelected.emit("/clones/sam3")
    chooser.deleteLater()
    qtbot.waitUntil(lambda: "Collecting sam3-native /clones/sam3" in page.log.toPlainText())
    click(row.button)
    qtbot.waitUntil(lambda: row.button.text() == "Set up…")


def test_that_a_folder_that_is_no_checkout_is_refused_in_words(
    composed: Composed, qtbot: QtBot, book: ProfileBook, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOPCHAIN_ENGINES", str(tmp_path / "engines"))
    dialog = opened(composed)
    click(dialog.engines)
    qtbot.waitUntil(lambda: "sam3-native" in dialog.engines_page.rows)
    dialog.engines_page.set_up_wanted.emit("sam3-native", str(tmp_path))
    qtbot.waitUntil(lambda: "is no checkout of sam3" in dialog.engines_page.refused.text())
    assert not dialog.engines_page.refused.isHidden()


@pytest.mark.parametrize(("gib", "said"), [(22.0, "fits A card (80 GiB)"), (600.0, "does not fit")])
def test_that_a_model_is_held_against_its_card(gib: float, said: str) -> None:
    card = models.Card(number=0, name="A card", used_mib=0, total_mib=81_920)
    profile = read_profile({"kind": "vllm", "name": "weak", "model": "tiny", "gib": gib})
    assert said in models.fit(profile, (card,))
    assert models.fit(profile, ()) == ""
