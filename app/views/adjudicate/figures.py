"""All figures of agreement: each person, each category."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.views.adjudicate.agreement_panel import GroupRow, interval_words
from app.views.solve.words import duration_words
from app.widgets.chip import Chip, ChipKind
from app.widgets.dialog import Dialog
from app.widgets.label import Label
from app.widgets.panel import Line
from app.widgets.scroll import ScrollColumn
from hopchain_core.domain.agreement_people import Person
from hopchain_core.domain.agreement_report import AgreementReport, Grouping

_HEADS = ("Person", "Answered", "Cannot tell", "Ambiguous", "Median time", "Agrees with the rest", "Right on gold", "")


class FiguresDialog(Dialog):
    """For the curator alone: names are shown here, and nowhere in the space.

    Args:
        report: What is shown.
        parent: The window.
    """

    def __init__(self, report: AgreementReport, parent: QWidget | None = None) -> None:
        alpha = report.overall
        value = "not defined yet" if alpha.value is None else f"{alpha.value:.2f}"
        super().__init__(
            "Agreement",
            f"Krippendorff’s alpha {value}: {interval_words(alpha)}; {alpha.questions:,} questions, {alpha.answers:,} answers.",
            width_px=920,
            parent=parent,
        )
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(8)
        column.addWidget(Label("People", "heading"))
        column.addLayout(_people(report.people))
        for grouping, title in (
            (Grouping.CATEGORY, "Alpha by category of the instances"),
            (Grouping.HOP_COUNT, "Alpha by hop count"),
            (Grouping.COMPOSER, "Alpha by composer"),
        ):
            groups = report.by(grouping)
            if groups:
                column.addSpacing(8)
                column.addWidget(Line())
                column.addWidget(Label(title, "heading"))
                for group in groups:
                    column.addWidget(GroupRow(group.name, group.alpha, name_px=200))
        column.addStretch(1)
        scroll = ScrollColumn(inside, is_clear=True, takes_keys=True, least_height_px=440)
        self.box.addWidget(scroll, 1)
        self.add_button("Close", is_default=True)


def _people(people: tuple[Person, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for place, head in enumerate(_HEADS):
        label = Label(head, "caption-strong", "secondary")
        grid.addWidget(label, 0, place, right if 0 < place < len(_HEADS) - 1 else Qt.AlignmentFlag.AlignLeft)
    grid.setColumnStretch(len(_HEADS) - 1, 1)
    for row, person in enumerate(people, start=1):
        for place, text in enumerate(person_figures(person)):
            where = Qt.AlignmentFlag.AlignLeft if not place else right
            grid.addWidget(Label(text, "label" if not place else "body"), row, place, where)
        if person.is_far_quicker:
            chip = Chip("far quicker than the others", ChipKind.WARN)
            grid.addWidget(chip, row, len(_HEADS) - 1, Qt.AlignmentFlag.AlignLeft)
    return grid


def person_figures(person: Person) -> tuple[str, ...]:
    """A person's row as texts."""
    median = person.seconds[1] if person.seconds is not None else None
    agrees = person.agreement
    return (
        person.name,
        f"{person.answered:,}",
        f"{person.cannot_tell:,}",
        f"{person.ambiguous:,}",
        "–" if median is None else duration_words(median),
        "–" if agrees is None else f"{agrees:.0%}",
        f"{person.gold_correct} of {person.gold}" if person.gold else "–",
    )
