"""The palette, by its keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.presenters.fuzzy import match, meant
from app.presenters.palette import ACTIONS, CATEGORIES, CHAINS, PICTURES, RECENT, SPACES
from app.studio import Studio


def _titles(composed: Composed, section: str) -> list[str]:
    model = composed.over.palette.model
    entries = [model.entry(row) for row in range(model.rowCount())]
    return [entry.title for entry in entries if entry is not None and entry.section == section]


def _open(composed: Composed, qtbot: QtBot, query: str = "") -> None:
    qtbot.keyClick(composed.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert composed.over.palette.is_open
    assert composed.over.palette.field.hasFocus()
    qtbot.keyClicks(composed.over.palette.field, query)


def _press(composed: Composed, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(composed.over.palette.field, key)


def test_that_ctrl_k_opens_the_palette_and_esc_gives_the_keyboard_back(
    composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    before = composed.window.focusWidget()
    _open(composed, qtbot, "set")
    _press(composed, qtbot, Qt.Key.Key_Escape)
    assert not composed.over.palette.is_open
    assert composed.window.focusWidget() is before


def test_that_it_offers_what_can_be_done_before_anything_is_typed(
    composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    _open(composed, qtbot)
    assert _titles(composed, SPACES) == [
        composed.window.title_of(space) for space in composed.window.space_ids() if space != "library"
    ]
    assert "Settings…" in _titles(composed, ACTIONS)
    assert _titles(composed, RECENT) == []


def test_that_enter_runs_the_first_and_it_comes_first_the_next_time(
    composed: Composed, studio: Studio, qtbot: QtBot
) -> None:
    _open(composed, qtbot, "dark th")
    _press(composed, qtbot, Qt.Key.Key_Return)
    assert studio.theme.scheme == "dark"
    assert not composed.over.palette.is_open
    _open(composed, qtbot)
    assert _titles(composed, RECENT) == ["Dark theme"]
    assert studio.settings.get("palette_recent") == ["view.dark"]


def test_that_arrows_choose_and_go_round(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    # Without a word of it all commands are listed, and those that can be done move up while spaces are read.
    _open(composed, qtbot, "theme")
    palette = composed.over.palette
    rows = palette.model.rowCount()
    assert rows > 2
    _press(composed, qtbot, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 1
    _press(composed, qtbot, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == 0
    _press(composed, qtbot, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == rows - 1
    _press(composed, qtbot, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 0


def test_that_a_space_is_gone_to_by_its_name(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    _open(composed, qtbot, "pipel")
    assert _titles(composed, SPACES) == ["Pipeline"]
    _press(composed, qtbot, Qt.Key.Key_Return)
    assert studio.space == "pipeline"


def test_that_a_category_leads_to_its_pictures(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    with studio.need_project().read() as read:
        category, count = next(iter(read.image_facets().categories.items()))
    _open(composed, qtbot, category)
    qtbot.waitUntil(lambda: category in _titles(composed, CATEGORIES))
    row = next(
        r for r in range(composed.over.palette.model.rowCount()) if _entry_title(composed, r) == (CATEGORIES, category)
    )
    entry = composed.over.palette.model.entry(row)
    assert entry is not None
    assert entry.detail.startswith(str(count))
    seen: list[tuple[str, object]] = []
    studio.went.connect(lambda space, where: seen.append((space, where)))
    while composed.over.palette.list.currentIndex().row() != row:
        _press(composed, qtbot, Qt.Key.Key_Down)
    _press(composed, qtbot, Qt.Key.Key_Return)
    assert seen == [("library", {"category": category})]


def test_that_a_chain_is_found_by_its_number(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    with studio.need_project().read() as read:
        chain = read.chain_rows(read.chain_ids()[:1])[0]
    seen: list[tuple[str, dict[str, object]]] = []
    studio.went.connect(lambda space, where: seen.append((space, where)))
    _open(composed, qtbot, f"C-{chain.number}")
    qtbot.waitUntil(lambda: len(_titles(composed, CHAINS)) == 1)
    assert _entry_title(composed, 0)[0] == CHAINS
    _press(composed, qtbot, Qt.Key.Key_Return)
    assert seen[0] == ("chains", {"chain": chain.key})


def test_that_pictures_are_found_by_their_name(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    with studio.need_project().read() as read:
        image = read.image_rows(read.image_ids())[0]
    name = image.path.rpartition("/")[2]
    seen: list[tuple[str, dict[str, object]]] = []
    studio.went.connect(lambda space, where: seen.append((space, where)))
    _open(composed, qtbot, name)
    qtbot.waitUntil(lambda: name in _titles(composed, PICTURES))
    composed.over.palette.list.setCurrentIndex(
        composed.over.palette.model.index(
            next(
                r
                for r in range(composed.over.palette.model.rowCount())
                if _entry_title(composed, r) == (PICTURES, name)
            ),
            0,
        )
    )
    _press(composed, qtbot, Qt.Key.Key_Return)
    assert seen[0] == ("instances", {"image": image.key})


def test_that_what_cannot_be_done_says_why_and_is_not_run(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    _open(composed, qtbot, "undo")
    entry = composed.over.palette.model.entry(0)
    assert entry is not None
    assert (entry.title, entry.is_enabled, entry.detail) == ("Undo", False, "nothing to undo")
    _press(composed, qtbot, Qt.Key.Key_Return)
    assert composed.over.palette.is_open


def test_that_a_command_of_another_space_goes_there_first(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    composed.window.build_rest()
    qtbot.waitUntil(lambda: studio.actions.has("pipeline.next_stage"))
    _open(composed, qtbot, "next stage")
    _press(composed, qtbot, Qt.Key.Key_Return)
    assert studio.space == "pipeline"


def test_that_letters_in_the_palette_reach_nothing_beneath(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    _open(composed, qtbot, "zzqqx")
    assert composed.over.palette.field.text() == "zzqqx"
    assert composed.over.palette.model.rowCount() == 0
    assert studio.space == "library"


def test_that_tab_stays_in_the_palette(composed: Composed, studio: Studio, qtbot: QtBot) -> None:
    _open(composed, qtbot)
    _press(composed, qtbot, Qt.Key.Key_Tab)
    assert composed.over.palette.isAncestorOf(composed.window.focusWidget())


def test_that_without_a_project_it_offers_the_ways_to_begin(composed: Composed, qtbot: QtBot) -> None:
    _open(composed, qtbot, "sample")
    assert _titles(composed, ACTIONS)[0] == "Sample project"


def _entry_title(composed: Composed, row: int) -> tuple[str, str]:
    entry = composed.over.palette.model.entry(row)
    return (entry.section, entry.title) if entry is not None else ("", "")


@pytest.mark.parametrize(
    ("query", "text", "fits"),
    [
        ("adfl", "Adjudicate: flag", True),
        ("open", "Open a project", True),
        ("pers", "New project from pictures", False),
        ("xyz", "Open a project", False),
        ("", "anything", True),
    ],
)
def test_that_letters_strewn_over_a_text_are_not_meant(query: str, text: str, fits: bool) -> None:
    assert (meant(query, text) is not None) is fits


def test_that_beginnings_of_words_go_before_their_middles() -> None:
    start, middle = match("p", "Palette"), match("p", "Copy")
    assert start is not None
    assert middle is not None
    assert start.score > middle.score
