"""Beneath the list: what is selected, its crop, and what is said of it, edited in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from app.actions import ActionTable
from app.canvas.pyramid import Pyramid
from app.models.instance_list import InstanceRow
from app.models.instance_names import ATTRIBUTE_WORDS, ORIGIN_WORDS, share_text
from app.models.status_words import counted
from app.presenters.instance_selection import Used
from app.style.fonts import font
from app.style.tokens import radius, tokens_of
from app.views.instances import actions as ids
from app.views.instances.category_field import CategoryField, EditField
from app.views.instances.list_row import paint_swatch
from app.views.instances.picture_crop import paint_crop
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind, ButtonSize
from app.widgets.chip import Chip
from app.widgets.label import ElidedLabel, Label
from app.widgets.panel import Ground, IconLabel
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.keys import InstanceKey

_CROP_PX = 112
_MOST_CROPS = 4
_LABEL_PX = 64
_NONE_PX = 72


class CropView(QWidget):
    """Crops of what is selected: one whole, or up to four in a square."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(_CROP_PX, _CROP_PX)
        self._boxes: tuple[Box, ...] = ()
        self._pyramid: Pyramid | None = None
        self.setToolTip("As a composer is given it")

    def show_boxes(self, boxes: Sequence[Box]) -> None:
        """Shows the picture inside these boxes."""
        self._boxes = tuple(boxes[:_MOST_CROPS])
        self.setAccessibleName("Crop" if len(boxes) == 1 else f"Crops of {len(boxes)}")
        self.update()

    def show_picture(self, pyramid: Pyramid | None) -> None:
        """The picture that they are taken from."""
        self._pyramid = pyramid
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.sunken)
        whole = QRectF(self.rect())
        painter.drawRoundedRect(whole, radius("image"), radius("image"))
        if len(self._boxes) == 1:
            paint_crop(painter, self._pyramid, self._boxes[0], whole.adjusted(4, 4, -4, -4))
            return
        side = (whole.width() - 12) / 2
        for place, box in enumerate(self._boxes):
            room = QRectF(4 + place % 2 * (side + 4), 4 + place // 2 * (side + 4), side, side)
            paint_crop(painter, self._pyramid, box, room)


class _Swatch(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(12, 12)
        self._colour = QColor()
        self._is_hollow = False

    def show_colour(self, colour: QColor, *, is_hollow: bool) -> None:
        self._colour, self._is_hollow = colour, is_hollow
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_swatch(painter, QRectF(1, 1, 10, 10), self._colour, tokens_of(self), is_hollow=self._is_hollow)


class Inspector(Ground):
    """What is selected.

    Args:
        actions: For the buttons.
        colour_of: Gives the colour of an instance on the picture.
    """

    relabelled = Signal(object, str)
    """(tuple of `InstanceKey`, category)."""
    described = Signal(object, object, str)
    """(`InstanceKey`, `AttributeName`, text)."""
    left = Signal()
    """The keyboard belongs to the canvas again."""

    def __init__(
        self, actions: ActionTable, colour_of: Callable[[InstanceKey], QColor], parent: QWidget | None = None
    ) -> None:
        super().__init__("surface", parent=parent)
        self._colour_of = colour_of
        self._keys: tuple[InstanceKey, ...] = ()
        self._rows: tuple[InstanceRow, ...] = ()
        self.swatch = _Swatch()
        self.name = ElidedLabel("", "heading")
        self.origin = Chip("")
        self.crop = CropView()
        self.category = CategoryField("Category")
        self.colour = EditField("Colour", "not said")
        self.place = Label("", "mono", "secondary")
        self.area = Label("", "meta", "secondary")
        self.used = ElidedLabel("", "meta", "secondary")
        self._used_icon = IconLabel("chains", 16, "text-secondary")
        self._open = ActionButton(actions, ids.OPEN_CHAINS, ButtonKind.QUIET, size_=ButtonSize.SMALL, shows_text=False)
        self._open.setFixedSize(24, 20)
        self.attributes: dict[AttributeName, EditField] = {AttributeName.COLOUR: self.colour}
        for name, word in ATTRIBUTE_WORDS.items():
            if name is not AttributeName.COLOUR:
                self.attributes[name] = EditField(word, is_small=True)
        self._tools = [
            ActionButton(actions, action_id, ButtonKind.QUIET, size_=ButtonSize.SMALL, shows_text=False)
            for action_id in (ids.MERGE, ids.HIDE, ids.DELETE)
        ]
        self._one = QWidget()
        self._none = Label("Click an instance to see it here. Shift adds another one.", "meta", "tertiary", wraps=True)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._none)
        self._pages.addWidget(self._one)
        self.box.addWidget(self._pages)
        self._lay_out()
        self.setFixedHeight(_NONE_PX)
        self._connect()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.swatch)
        head.addWidget(self.name)
        head.addWidget(self.origin)
        head.addStretch(1)
        for tool in self._tools:
            head.addWidget(tool)
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        form = QGridLayout()
        form.setHorizontalSpacing(8)
        form.setVerticalSpacing(8)
        self._colour_word = Label("Colour", "meta", "secondary")
        self._box_word = Label("Box / 1000", "meta", "secondary")
        for row, (word, field) in enumerate(
            (
                (Label("Category", "meta", "secondary"), self.category),
                (self._colour_word, self.colour),
                (self._box_word, self.place),
            )
        ):
            word.setFixedWidth(_LABEL_PX)
            form.addWidget(word, row, 0)
            form.addWidget(field, row, 1)
        form.setRowStretch(3, 1)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.crop, 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(form, 1)
        self._more = QWidget()
        more = QGridLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setHorizontalSpacing(8)
        more.setVerticalSpacing(6)
        others = [name for name in ATTRIBUTE_WORDS if name is not AttributeName.COLOUR]
        for index, name in enumerate(others):
            row, column = index // 2, index % 2 * 3
            word = Label(ATTRIBUTE_WORDS[name], "meta", "secondary")
            word.setFixedWidth(52)
            more.addWidget(word, row, column)
            more.addWidget(self.attributes[name], row, column + 1)
        more.setColumnMinimumWidth(2, 4)
        more.setColumnStretch(1, 1)
        more.setColumnStretch(4, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStrut(20)
        foot.addWidget(self._used_icon)
        foot.addWidget(self.used, 1)
        foot.addWidget(self.area)
        foot.addWidget(self._open)
        whole = QVBoxLayout(self._one)
        whole.setContentsMargins(16, 12, 16, 12)
        whole.setSpacing(10)
        whole.addLayout(head)
        whole.addLayout(top)
        whole.addWidget(self._more)
        whole.addLayout(foot)
        self.place.setFont(font("mono"))
        self.place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _connect(self) -> None:
        self.category.committed.connect(self._relabel)
        self.category.left.connect(self.left)
        for name, field in self.attributes.items():
            field.committed.connect(lambda text, n=name: self._describe(n, text))
            field.left.connect(self.left)

    # What is shown

    def set_categories(self, names: Sequence[str]) -> None:
        """Categories to complete."""
        self.category.set_categories(names)

    def set_read_only(self, is_read_only: bool) -> None:
        """Nothing can be typed over."""
        for field in (self.category, *self.attributes.values()):
            field.setReadOnly(is_read_only)

    def show_picture(self, pyramid: Pyramid | None) -> None:
        """The picture that crops are taken from."""
        self.crop.show_picture(pyramid)

    def show_rows(self, rows: Sequence[InstanceRow], size_px: tuple[int, int]) -> None:
        """Shows what is selected.

        Args:
            rows: Of it.
            size_px: Width and height of the picture.
        """
        is_same_thing = len(rows) == len(self._rows) and all(
            new.is_version_of(old) for new, old in zip(rows, self._rows, strict=True)
        )
        if not is_same_thing:
            # What was being typed belonged to what was selected.
            for field in (self.category, *self.attributes.values()):
                field.commit()
        self._rows, self._keys = tuple(rows), tuple(row.key for row in rows)
        self._pages.setCurrentWidget(self._one if rows else self._none)
        if not rows:
            self.setFixedHeight(_NONE_PX)
            return
        one = rows[-1]
        is_one = len(rows) == 1
        self.name.setText(one.name if is_one else f"{len(rows):,} selected")
        self.swatch.setVisible(is_one)
        self.refresh_colour()
        self.origin.show_chip(_origin(one))
        self.origin.setVisible(is_one)
        self.crop.show_boxes([row.instance.box for row in reversed(rows)])
        categories = {row.category for row in rows}
        self.category.show_value(one.category if len(categories) == 1 else "")
        self.category.setPlaceholderText("" if len(categories) == 1 else "several")
        for widget in (self.colour, self._colour_word, self.place, self._box_word, self._more):
            widget.setVisible(is_one)
        for name, field in self.attributes.items():
            field.show_value((one.instance.attribute(name) or "") if is_one else "")
        self.place.setText(" ".join(str(v) for v in one.instance.box.scaled_1000(*size_px)))
        self.area.setText(share_text(sum(row.share for row in rows)) + " of the picture")
        # Said outright: a stack is as high as its highest page, whichever is shown.
        self.setFixedHeight(self._one.sizeHint().height())

    def refresh_colour(self) -> None:
        """The colour on the picture may be another now."""
        if len(self._rows) == 1:
            row = self._rows[0]
            self.swatch.show_colour(self._colour_of(row.key), is_hollow=row.is_hidden)

    def show_used(self, used: Used) -> None:
        """Says which chains were made with what is selected."""
        count = len(used.chains)
        self.used.setText(
            f"Used in {counted(count, 'chain')}; a change makes {'it' if count == 1 else 'them'} stale."
            if count
            else "Used in no chain"
        )
        self.area.setVisible(not count)
        self._open.setVisible(bool(count))

    def focus_category(self) -> None:
        """Puts the keyboard into the category."""
        self.category.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _relabel(self, text: str) -> None:
        if text and self._keys:
            self.relabelled.emit(self._keys, text)
        elif self._rows:
            self.category.show_value(self._rows[-1].category)

    def _describe(self, name: AttributeName, text: str) -> None:
        if len(self._keys) == 1:
            self.described.emit(self._keys[0], name, text)


def _origin(row: InstanceRow) -> str:
    word = ORIGIN_WORDS[row.instance.origin]
    extra = " · crowd" if row.instance.is_crowd else " · box only" if row.instance.mask is None else ""
    return word + extra
