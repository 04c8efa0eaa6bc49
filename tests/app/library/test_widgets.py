"""The small parts that screens are made of."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.actions import ActionSpec, ActionTable
from app.style.fonts import font, line_height
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind
from app.widgets.chip import Chip, ChipKind
from app.widgets.choice import CheckBox, Select
from app.widgets.field import CheckedField, Field
from app.widgets.label import ElidedLabel, Label, QuestionLabel, elided_name, wrapped
from app.widgets.panel import Bar, EmptyState, IconLabel, PanelHead
from app.widgets.segmented import Segment, Segmented

LEFT = Qt.MouseButton.LeftButton
MARKUP = "<b>bold</b> & <script>"


@pytest.fixture
def shown(qtbot: QtBot) -> QWidget:
    """A window to put things into."""
    window = QWidget()
    window.resize(600, 300)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


def put(widget: QWidget, window: QWidget) -> None:
    """Puts a widget into the window in its own size."""
    widget.setParent(window)
    widget.adjustSize()
    widget.show()


def segments() -> Segmented:
    """Three choices, the last an icon alone."""
    return Segmented(
        [Segment("a", "All"), Segment("b", "Some"), Segment("c", icon="grid-small", name="As a grid")], "Shown"
    )


def test_that_a_segment_is_chosen_by_mouse_and_keys(shown: QWidget) -> None:
    widget = segments()
    put(widget, shown)
    chosen = QSignalSpy(widget.chosen)
    QTest.mouseClick(widget, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(widget.width() - 8, 10))
    assert widget.value() == "c"
    assert widget.accessibleName() == "Shown: As a grid"
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_Left)
    assert widget.value() == "b"
    QTest.keyClick(widget, Qt.Key.Key_Right)
    QTest.keyClick(widget, Qt.Key.Key_Right)
    assert widget.value() == "c", "there is nothing after the last"
    assert [chosen.at(i)[0] for i in range(chosen.count())] == ["c", "b", "c"]


def test_that_a_value_set_from_outside_is_not_reported(shown: QWidget) -> None:
    widget = segments()
    put(widget, shown)
    chosen = QSignalSpy(widget.chosen)
    widget.set_value("b")
    widget.set_value("unknown")
    assert widget.value() == "b"
    widget.set_segments([Segment("x", "X"), Segment("b", "Some")])
    assert widget.value() == "b"
    assert chosen.count() == 0


def test_that_a_check_box_is_checked_by_space_and_mouse(shown: QWidget) -> None:
    box = CheckBox("Write it")
    put(box, shown)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert box.isChecked()
    QTest.mouseClick(box, LEFT)
    assert not box.isChecked()
    assert box.accessibleName() == "Write it"


def test_that_a_list_is_as_wide_as_its_widest_choice(shown: QWidget) -> None:
    select = Select("Backend")
    select.addItems(["a", "b"])
    narrow = select.sizeHint().width()
    select.addItem("a backend with a rather long name")
    assert select.sizeHint().width() > narrow + 100
    assert select.accessibleName() == "Backend"


def test_that_escape_empties_a_field_before_it_leaves_it(shown: QWidget) -> None:
    field = Field("Name", icon="search")
    put(field, shown)
    left = QSignalSpy(field.escaped)
    field.setFocus()
    QTest.keyClicks(field, "abc")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert left.count() == 0
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert left.count() == 1


def test_that_words_in_a_field_keep_off_its_key_cap() -> None:
    field = Field("Name", icon="search")
    assert field.textMargins().right() == 0
    field.set_keys("Ctrl+K")
    wide = field.textMargins().right()
    field.set_keys("/")
    assert wide > field.textMargins().right() > 0


def test_that_what_is_refused_stays_with_a_word_on_why(shown: QWidget) -> None:
    checked = CheckedField(Field("Number"))
    put(checked, shown)
    checked.field.setText("seven")
    checked.show_refusal("A number is wanted.")
    assert checked.field.text() == "seven"
    assert checked.field.property("refused")
    assert checked.field.accessibleDescription() == "A number is wanted."
    assert checked.refusal.isVisible()
    checked.show_refusal("")
    assert not checked.field.property("refused")
    assert not checked.refusal.isVisible()


def test_that_markup_is_shown_as_it_is(shown: QWidget) -> None:
    for label in (Label(MARKUP), ElidedLabel(MARKUP)):
        assert label.textFormat() is Qt.TextFormat.PlainText
        assert label.text() == MARKUP
    question = QuestionLabel(MARKUP)
    assert question.text() == MARKUP
    assert wrapped(MARKUP, "body", 1000) == [MARKUP]


def test_that_what_is_cut_off_stands_in_the_tooltip(shown: QWidget) -> None:
    label = ElidedLabel("a path that is quite a bit longer than there is room")
    put(label, shown)
    label.resize(60, 20)
    assert label.toolTip() == label.text()
    label.resize(590, 20)
    assert label.toolTip() == ""
    assert label.minimumSizeHint().width() <= 24


def test_that_text_wraps_to_lines_of_the_height_of_its_role() -> None:
    text = "how many of the birds stand in front of the bear that looks to the left " * 3
    label = QuestionLabel(text.strip())
    lines = len(wrapped(text.strip(), "question", 300))
    assert lines > 3
    assert label.heightForWidth(300) == lines * line_height("question")
    short = wrapped(text.strip(), "question", 300, 2)
    assert len(short) == 2
    assert short[1].endswith("…")


def test_that_lines_lose_no_character_of_any_plane() -> None:
    text = "🍎🍎🍎 three apples lie left of 🐻 and one 𝔵 right of it, says the sign " * 3
    lines = wrapped(text.strip(), "question", 220)
    assert len(lines) > 3
    assert " ".join(lines) == text.strip()


def test_that_a_disabled_button_says_why(shown: QWidget) -> None:
    button = Button("Export", keys="Ctrl+E")
    put(button, shown)
    clicks = QSignalSpy(button.clicked)
    button.set_available(False, "nothing selected")
    QTest.mouseClick(button, LEFT)
    assert clicks.count() == 0
    assert "nothing selected" in button.toolTip()
    button.set_available(True)
    assert "nothing selected" not in button.toolTip()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert clicks.count() == 1


def test_that_an_icon_alone_has_a_name() -> None:
    button = Button("", "copy", ButtonKind.QUIET, name="Copy")
    assert button.accessibleName() == button.toolTip() == "Copy"
    assert button.sizeHint().width() == button.sizeHint().height()
    assert IconLabel("lock", name="Locked").accessibleName() == "Locked"


def test_that_a_button_of_an_action_follows_the_table(shown: QWidget, qtbot: QtBot) -> None:
    done: list[str] = []
    allowed = [True]
    table = ActionTable()
    button = ActionButton(table, "a.b")
    put(button, shown)
    assert not button.isEnabled(), "there is no such action yet"
    table.add(
        ActionSpec(
            id="a.b",
            text="Do it…",
            run=lambda: done.append("done"),
            keys=("D",),
            icon="check",
            needs_project=False,
            enabled_when=lambda: allowed[0],
            why_not=lambda: "not now",
        )
    )
    assert button.text() == "Do it…"
    QTest.mouseClick(button, LEFT)
    assert done == ["done"]
    table.set_keys("a.b", ("Ctrl+D",))
    assert "Ctrl" in button.toolTip()
    allowed[0] = False
    table.refresh()
    qtbot.waitUntil(lambda: not button.isEnabled())
    assert "not now" in button.toolTip()
    button.set_shows_text(False)
    assert button.text() == ""
    assert button.accessibleName() == "Do it"


def test_that_a_chip_says_its_word_and_fits_it() -> None:
    chip = Chip("ok", ChipKind.OK)
    narrow = chip.sizeHint().width()
    chip.show_chip("by construction", ChipKind.OK, icon="check")
    assert chip.accessibleName() == chip.text() == "by construction"
    assert chip.sizeHint().width() > narrow + 40


def test_that_a_bar_says_its_share() -> None:
    bar = Bar("Solve")
    bar.show_share(0.25, 0.05)
    assert bar.accessibleName() == "Solve 30 %"


def test_that_an_empty_state_says_something_else_later(shown: QWidget) -> None:
    state = EmptyState("Nothing", "Add some.", icon="image")
    put(state, shown)
    assert state.hint.isVisible()
    state.show_text("Still nothing")
    assert state.text.text() == "Still nothing"
    assert not state.hint.isVisible()
    head = PanelHead("Pictures")
    head.show_figure("20")
    assert head.figure.text() == "20"


@pytest.mark.parametrize("width_px", [60, 80, 100])
def test_that_a_shortened_name_keeps_its_number(qapp: QApplication, width_px: int) -> None:
    metrics = QFontMetricsF(font("body"))
    shown = elided_name(metrics, "piece of broccoli 5", width_px)
    assert shown.endswith("… 5")
    assert metrics.horizontalAdvance(shown) <= width_px


def test_that_a_name_that_fits_is_not_shortened(qapp: QApplication) -> None:
    assert elided_name(QFontMetricsF(font("body")), "cup 2", 200) == "cup 2"
