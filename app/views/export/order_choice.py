"""In which order records follow one another, and whether they are sorted into buckets of difficulty."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.widgets.choice import Select
from app.widgets.field import Field, RefusalLine
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Ground
from app.widgets.segmented import Segment, Segmented
from hopchain_core.exporting import BucketsBy, Order, Terms, Variant

_FIELD_PX = 96
_ORDERS = {
    Order.PICTURES: ("By picture", "As the pictures are named."),
    Order.EASY_TO_HARD: ("Easy to hard", "By the weaker model's pass rate; of one rate, fewer steps first."),
    Order.HARD_TO_EASY: ("Hard to easy", "By the weaker model's pass rate; of one rate, more steps first."),
    Order.SHUFFLED: ("Shuffled", "At random, the same way each time for one seed."),
}
_BY = {BucketsBy.WIDTH: "Equal rates", BucketsBy.QUANTILES: "Equal counts"}
_SHORTENED = "Shortened questions have no pass rate, so they have neither an order by it nor buckets."


class OrderChoice(Ground):
    """Order, seed and buckets. What needs a pass rate is off while questions are shortened."""

    changed = Signal(str, object)
    """(field of `Terms`, value)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", spacing=8, parent=parent)
        self.order = Select("Order of the records")
        for order, (name, _) in _ORDERS.items():
            self.order.addItem(name, order.value)
        self.hint = QuestionLabel("", "meta", tone="text-secondary")
        self.seed, self.seed_refusal = _number("Seed")
        self.buckets, self.buckets_refusal = _number("Buckets of difficulty")
        self.buckets.setPlaceholderText("none")
        self.by = Segmented([Segment(by.value, name) for by, name in _BY.items()], "How buckets are cut", fills=True)
        self._seed_label = Label("Seed", "body")
        self._lay_out()
        self.order.currentIndexChanged.connect(lambda _: self.changed.emit("order", Order(self.order.currentData())))
        self.by.chosen.connect(lambda value: self.changed.emit("buckets_by", BucketsBy(value)))
        self.seed.editingFinished.connect(self._take_seed)
        self.buckets.editingFinished.connect(self._take_buckets)
        self.seed.textEdited.connect(lambda _: self.seed_refusal.show_refusal(""))
        self.buckets.textEdited.connect(lambda _: self.buckets_refusal.show_refusal(""))

    def _lay_out(self) -> None:
        self.box.addWidget(Label("Order", "caption-strong", "secondary"))
        self.box.addWidget(self.order)
        self.box.addWidget(self.hint)
        self.box.addLayout(_line(self._seed_label, self.seed))
        self.box.addWidget(self.seed_refusal)
        self.box.addLayout(_line(Label("Buckets of difficulty", "body"), self.buckets))
        self.box.addWidget(self.buckets_refusal)
        self.box.addWidget(self.by)

    def show_terms(self, terms: Terms) -> None:
        """Shows the terms without reporting them."""
        is_whole = terms.variant is Variant.FULL
        with QSignalBlocker(self.order):
            self.order.setCurrentIndex(self.order.findData(terms.order.value))
        self.order.update()
        model = self.order.model()
        for place, order in enumerate(_ORDERS):
            if order.needs_rates:
                model.setData(model.index(place, 0), None if is_whole else 0, Qt.ItemDataRole.UserRole - 1)
        self.hint.setText(_ORDERS[terms.order][1] if is_whole else _SHORTENED)
        for widget in (self.seed, self._seed_label):
            widget.setVisible(terms.order is Order.SHUFFLED)
        if not self.seed.hasFocus():
            self.seed.setText(str(terms.seed))
        if not self.buckets.hasFocus():
            self.buckets.setText(str(terms.buckets) if terms.buckets else "")
        self.buckets.setEnabled(is_whole)
        self.by.set_value(terms.buckets_by.value)
        self.by.setVisible(bool(terms.buckets))
        if terms.order is not Order.SHUFFLED:
            self.seed_refusal.show_refusal("")

    def _take_seed(self) -> None:
        text = self.seed.text().strip()
        if text and not (text.removeprefix("-").isdecimal() and text.isascii() and len(text) < 18):
            self.seed_refusal.show_refusal("A whole number.")
            return
        self.seed_refusal.show_refusal("")
        self.changed.emit("seed", int(text) if text else 0)

    def _take_buckets(self) -> None:
        text = self.buckets.text().strip()
        if text and text != "0" and not (text.isdecimal() and text.isascii() and 2 <= int(text) <= 1000):
            self.buckets_refusal.show_refusal("A whole number from 2 to 1000, or nothing for none.")
            return
        self.buckets_refusal.show_refusal("")
        self.changed.emit("buckets", int(text) if text else 0)


def _number(name: str) -> tuple[Field, RefusalLine]:
    field = Field()
    field.setAccessibleName(name)
    field.setFixedWidth(_FIELD_PX)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    return field, RefusalLine(field)


def _line(label: Label, field: Field) -> QHBoxLayout:
    line = QHBoxLayout()
    line.addWidget(label, 1)
    line.addWidget(field)
    return line
