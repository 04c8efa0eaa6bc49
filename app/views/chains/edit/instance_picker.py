"""Picks instances: by clicking them on the picture, or in a list with the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.canvas import Overlay, PictureCanvas
from app.canvas.tools import SelectTool
from app.models.draft_picks import Pick, PickField
from app.models.operation_fit import Kind, kind_of
from app.presenters.chain_edit import ChainEdit
from app.style.fonts import font
from app.style.tokens import tokens_of
from app.views.chains.edit.pick_tool import PickTool
from app.views.chains.edit.row_keys import ListRow
from app.widgets.button import Button, ButtonKind
from app.widgets.choice import paint_check
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Ground, Line
from app.widgets.scroll import ScrollColumn
from hopchain_core.domain.keys import InstanceKey

Colour = Callable[[InstanceKey], QColor | None]
_ROW_PX = 32
_LEAST, _MOST = 3, 6


class InstancePicker(Ground):
    """Takes the place of the fields while instances are picked.

    Args:
        edit: What is edited.
        colour: Of an instance on the canvas.
    """

    done_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, edit: ChainEdit, colour: Colour, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._edit = edit
        self._colour = colour
        self._pick: Pick | None = None
        self._canvas: PictureCanvas | None = None
        self._overlay: Overlay | None = None
        self.rows: dict[InstanceKey, PickRow] = {}
        self.title = Label("", "heading", wraps=True)
        self.hint = QuestionLabel("", "meta", tone="text-secondary")
        self.count = Label("", "meta", "tertiary")
        self.done = Button("Done", "check", ButtonKind.PRIMARY, keys="Ctrl+Return", shows_keys=True)
        self.cancel = Button("As before", "cross", ButtonKind.QUIET, keys="Esc", shows_keys=True)
        head = QVBoxLayout()
        head.setContentsMargins(16, 12, 16, 12)
        head.setSpacing(4)
        head.addWidget(self.title)
        head.addWidget(self.hint)
        head.addWidget(self.count)
        self._inside = QWidget()
        self._list = QVBoxLayout(self._inside)
        self._list.setContentsMargins(8, 8, 8, 8)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        area = ScrollColumn(self._inside, is_clear=True)
        self._area = area
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 12, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        foot.addWidget(self.done)
        self.box.addLayout(head)
        self.box.addWidget(Line())
        self.box.addWidget(area, 1)
        self.box.addWidget(Line())
        self.box.addLayout(foot)
        self.done.clicked.connect(self.done_asked)
        self.cancel.clicked.connect(self.cancel_asked)

    def attach(self, canvas: PictureCanvas) -> None:
        """Picks on this canvas while it is open."""
        self._canvas = canvas
        canvas.hovered.connect(self._follow_hover)
        canvas.instances_shown.connect(self._show_on_canvas)
        canvas.colours_changed.connect(self._repaint)

    def show_pick(self, pick: Pick | None) -> None:
        """Begins, goes on, or ends (None)."""
        if pick is None:
            self._end()
            return
        if self._pick is None:
            self._begin(pick)
        self._pick = pick
        self._refresh()

    def _begin(self, pick: Pick) -> None:
        self._build()
        if self._canvas is not None:
            self._overlay = self._canvas.content.overlay
            self._canvas.set_overlay(None)
            self._canvas.set_tool(PickTool(self._canvas, self._edit.toggle))
            self._canvas.fit()
        first = next((self.rows[k] for k in self._edit.picked if k in self.rows), next(iter(self.rows.values()), None))
        if first is not None:
            # A widget new in a layout is shown only later, and what is not shown takes no keyboard.
            first.show()
            first.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(first, 0, 64)

    def _end(self) -> None:
        if self._pick is None:
            return
        self._pick = None
        if self._canvas is not None:
            self._canvas.set_tool(SelectTool(self._canvas))
            self._canvas.set_selection(())
            if self._canvas.content.overlay is None:
                self._canvas.set_overlay(self._overlay, is_animated=False)

    def _build(self) -> None:
        while self._list.count() > 1:
            item = self._list.takeAt(0)
            if item is not None and (gone := item.widget()) is not None:
                gone.hide()
                gone.deleteLater()
        self.rows.clear()
        facts = self._edit.facts
        seen = facts.by_key.values() if facts is not None else ()
        order = sorted(seen, key=lambda s: (s.category, s.order))
        for at, one in enumerate(order):
            row = PickRow(one.key, self._edit.names.get(one.key, one.category), self._colour)
            # A crowd region is no single object: no hop may speak of it as one.
            row.setEnabled(not one.is_crowd)
            row.clicked.connect(lambda _=False, key=one.key: self._edit.toggle(key))
            row.entered.connect(self._hover_row)
            row.left.connect(lambda: self._hover_row(None))
            self._list.insertWidget(at, row)
            self.rows[one.key] = row
        order_of_tab = [*self.rows.values(), self.cancel, self.done]
        for before, after in pairwise(order_of_tab):
            QWidget.setTabOrder(before, after)

    def _refresh(self) -> None:
        pick, picked = self._pick, self._edit.picked
        if pick is None:
            return
        self.title.setText(_title(pick))
        self.hint.setText(_hint(self._edit, pick))
        names = [self._edit.names.get(key, "gone") for key in picked]
        said = ", ".join(names) or "none yet"
        if pick.field is PickField.CHOSEN:
            said = f"{len(picked)} of {_LEAST} to {_MOST}: {said}"
        self.count.setText(said)
        self.count.setWordWrap(True)
        for key, row in self.rows.items():
            row.setChecked(key in picked)
        self._show_on_canvas()

    def _show_on_canvas(self) -> None:
        if self._canvas is not None and self._pick is not None:
            self._canvas.set_selection([k for k in self._edit.picked if k in self._canvas.content.instances])

    def _hover_row(self, key: object) -> None:
        if self._canvas is not None and self._pick is not None:
            self._canvas.set_hovered(key if isinstance(key, str) else None)  # type: ignore[arg-type]

    def _follow_hover(self, key: object) -> None:
        if self._pick is not None:
            for other, row in self.rows.items():
                row.set_hot(other == key)

    def _repaint(self) -> None:
        for row in self.rows.values():
            row.update()


class PickRow(ListRow):
    """An instance in the list.

    Args:
        key: The instance.
        name: How it is called.
        colour: Of an instance on the canvas.
    """

    entered = Signal(object)
    left = Signal()

    def __init__(self, key: InstanceKey, name: str, colour: Colour, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key = key
        self._colour = colour
        self._is_hot = False
        self.setText(name)
        self.setAccessibleName(name)

    def set_hot(self, is_hot: bool) -> None:
        """The instance is under the cursor on the canvas."""
        if is_hot != self._is_hot:
            self._is_hot = is_hot
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, _ROW_PX)

    def enterEvent(self, event: object) -> None:
        self.entered.emit(self.key)
        super().enterEvent(event)  # type: ignore[arg-type]

    def leaveEvent(self, event: object) -> None:
        self.left.emit()
        super().leaveEvent(event)  # type: ignore[arg-type]

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            painter.setOpacity(0.42)
        if self.isEnabled() and (self.underMouse() or self._is_hot):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.hover)
            painter.drawRoundedRect(QRectF(self.rect()), 4, 4)
        paint_check(painter, QRectF(8, 0, 16, self.height()), t, is_checked=self.isChecked())
        x = 32.0
        swatch = self._colour(self.key)
        if swatch is not None:
            painter.setPen(QColor(0, 0, 0, 90))
            painter.setBrush(swatch)
            painter.drawRoundedRect(QRectF(x + 0.5, self.height() / 2 - 5.5, 11, 11), 2, 2)
            x += 20
        painter.setFont(font("body"))
        painter.setPen(t.text)
        room = self.width() - x - 8
        text = QFontMetricsF(font("body")).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(
            QRectF(x, 0, room + 1, self.height()), int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text
        )
        self.paint_focus(painter)


def _title(pick: Pick) -> str:
    if pick.field is PickField.CHOSEN:
        return "Instances of the chain"
    return f"What hop {pick.hop} starts from" if pick.field is PickField.USES else f"What hop {pick.hop} finds"


def _hint(edit: ChainEdit, pick: Pick) -> str:
    if pick.field is PickField.CHOSEN:
        return "Click instances on the picture, or check them here. All but one at most play a part in a hop."
    if pick.field is PickField.USES:
        return "Click instances on the picture, or check them here."
    is_several = kind_of(edit.state.hop(pick.hop).establishes) is Kind.OBJECTS
    return "Click every object that it finds." if is_several else "Click the one object that it finds."
