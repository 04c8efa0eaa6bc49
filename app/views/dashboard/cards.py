"""The cards of the overview: a title, a chart, and a sentence under it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.presenters.dashboard_words import FunnelLine, Lead, Row
from app.widgets.label import ElidedLabel, Label, QuestionLabel
from app.widgets.panel import Card
from app.widgets.plots import BarRow, BarRows, Funnel, FunnelRow


class FigureCard(Card):
    """A card with a title.

    Args:
        title: Of the card.
        foot: A sentence under the chart has room for so many lines; 0 for none.
    """

    lead_chosen = Signal(object)
    """A `Lead`: the list behind a figure is wanted."""

    def __init__(self, title: str, *, foot: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(margin=16, spacing=10, parent=parent)
        self.title = Label(title, "heading")
        self.figure = ElidedLabel("", "meta", "tertiary")
        self.figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.foot = QuestionLabel("", "meta", most_lines=foot, tone="text-secondary")
        self.tools = QHBoxLayout()
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addLayout(self.tools)
        head.addWidget(self.figure, 1)
        self.box.addLayout(head)
        self.inside = QVBoxLayout()
        self.inside.setSpacing(10)
        self.box.addLayout(self.inside, 1)
        if foot:
            self.box.addWidget(self.foot)
        else:
            self.foot.hide()


class BarCard(FigureCard):
    """Lying bars.

    Args:
        title: Of the card.
        name: What the bars are, for screen readers.
        most: Length of a full bar; the longest when None.
    """

    def __init__(self, title: str, name: str, *, most: float | None = None, parent: QWidget | None = None) -> None:
        super().__init__(title, parent=parent)
        self.bars = BarRows(name, most=most)
        self._leads: list[Lead] = []
        self.inside.addWidget(self.bars)
        # Under the bars, also where the row of cards is higher than this one.
        self.inside.addWidget(self.foot)
        self.inside.addStretch(1)
        self.bars.chosen.connect(lambda index: self.lead_chosen.emit(self._leads[index]))

    def show_rows(self, rows: Sequence[Row], foot: str = "", figure: str = "") -> None:
        """Shows other figures."""
        self._leads = [row.lead for row in rows]
        self.bars.show_rows(
            [
                BarRow(
                    row.name,
                    row.value,
                    row.figure,
                    row.words,
                    tone=row.tone,
                    interval=row.interval,
                    is_choosable=bool(row.lead.space),
                )
                for row in rows
            ]
        )
        self.bars.setVisible(bool(rows))
        self.foot.setText(foot)
        self.figure.setText(figure)


class FunnelCard(FigureCard):
    """What is left at each step."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("From pictures to records", foot=0, parent=parent)
        self.funnel = Funnel("What is left at each step, and what is lost before it")
        self._leads: list[Lead] = []
        self.inside.addWidget(self.funnel)
        self.inside.addStretch(1)
        self.funnel.chosen.connect(lambda index: self.lead_chosen.emit(self._leads[index]))

    def show_lines(self, lines: Sequence[FunnelLine]) -> None:
        """Shows other figures."""
        self._leads = [line.lead for line in lines if line.words]
        self.funnel.show_rows(
            [
                FunnelRow(
                    line.name,
                    line.count,
                    line.whole,
                    line.words,
                    is_loss=line.is_loss,
                    is_open=line.is_open,
                    is_choosable=bool(line.lead.space),
                )
                for line in lines
            ]
        )


class Figures(QWidget):
    """A few large figures side by side, each with what it is under it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(24)
        self._grid.setVerticalSpacing(2)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_figures(self, figures: Sequence[tuple[str, str]]) -> None:
        """Shows (figure, what it is)."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for column, (figure, words) in enumerate(figures):
            number = Label(figure, "figure-small")
            number.setAccessibleName(f"{figure} {words}")
            self._grid.addWidget(number, 0, column)
            self._grid.addWidget(ElidedLabel(words, "meta", "secondary"), 1, column)
            self._grid.setColumnStretch(column, 1)
