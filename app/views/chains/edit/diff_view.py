"""Two versions of a chain, painted: words that went and words that came, instances, hop by hop."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.models.chain_words import level_word
from app.models.version_diff import ChainDiff, Change, HopDiff, KeysDiff, OperationChange, TextDiff
from app.style.fonts import font, line_height
from app.style.tokens import Tokens, tokens_of
from app.views.chains.chips import ChipFlow, ChipText
from app.widgets.chip import ChipKind
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import Line
from hopchain_core.domain.keys import InstanceKey

_GAP = "\N{THIN SPACE}"
Colour = Callable[[InstanceKey], QColor | None]


class DiffText(QWidget):
    """A text with what went struck out and what came marked. Read aloud as both texts.

    Args:
        diff: The two texts.
        role: A font role.
    """

    def __init__(self, diff: TextDiff, role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._diff = diff
        self._role = role
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(diff.new if diff.is_same else f"Was: {diff.old} Is: {diff.new}")

    @property
    def diff(self) -> TextDiff:
        """What is shown."""
        return self._diff

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(1, self._laid(width, None).lineCount()) * line_height(self._role)

    def sizeHint(self) -> QSize:
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, line_height(self._role))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(tokens_of(self).text)
        self._laid(self.width(), tokens_of(self)).draw(painter, QPointF(0, 0))

    def _laid(self, width: int, t: Tokens | None) -> QTextLayout:
        layout = QTextLayout("".join(text for _, text in self._pieces()), font(self._role))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        layout.setTextOption(option)
        if t is not None:
            layout.setFormats(self._formats(t))
        step = line_height(self._role)
        layout.beginLayout()
        y = 0.0
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, float(width)))
            line.setPosition(QPointF(0, y + (step - line.height()) / 2))
            y += step
        layout.endLayout()
        return layout

    def _pieces(self) -> list[tuple[Change, str]]:
        pieces: list[tuple[Change, str]] = []
        for span in self._diff.spans:
            if pieces and span.change is Change.ADDED and pieces[-1][0] is Change.REMOVED:
                # What went and what came do not run into each other.
                pieces.append((Change.SAME, _GAP))
            pieces.append((span.change, span.text.replace("\n", " ")))
        return pieces

    def _formats(self, t: Tokens) -> list[QTextLayout.FormatRange]:
        found, at = [], 0
        for change, text in self._pieces():
            if change is not Change.SAME:
                made = QTextCharFormat()
                is_new = change is Change.ADDED
                made.setForeground(t.ok if is_new else t.bad)
                made.setBackground(t.ok_soft if is_new else t.bad_soft)
                made.setFontStrikeOut(not is_new)
                made.setFontUnderline(is_new)
                part = QTextLayout.FormatRange()
                part.start, part.length, part.format = at, len(text), made
                found.append(part)
            at += len(text)
        return found


class DiffView(QWidget):
    """Everything that changed between two versions; what did not is left out.

    Args:
        diff: The two versions.
        names: How instances are called.
        colour: Of an instance on the picture.
    """

    def __init__(
        self, diff: ChainDiff, names: Mapping[InstanceKey, str], colour: Colour, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._names, self._colour = names, colour
        self.texts: list[DiffText] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 12, 16, 16)
        self._column.setSpacing(6)
        if diff.is_same:
            self._column.addWidget(QuestionLabel("Nothing that can be edited differs.", "body", tone="text-secondary"))
        if not diff.question.is_same:
            self._head("Question")
            self._text(diff.question)
        if diff.answers[0] != diff.answers[1]:
            self._head("Answer")
            self._pair(*diff.answers)
        if not diff.instances.is_same:
            self._head("Instances")
            self._keys(diff.instances)
        for hop in diff.changed_hops:
            self._hop(hop)
        self._column.addStretch(1)

    def _hop(self, hop: HopDiff) -> None:
        self._column.addSpacing(6)
        self._column.addWidget(Line())
        self._column.addSpacing(2)
        was = "" if hop.was == hop.index else f", {'moved, ' if hop.is_moved else ''}was hop {hop.was}"
        word = {Change.ADDED: ", new", Change.REMOVED: ", removed", Change.SAME: was}[hop.change]
        self._column.addWidget(Label(f"Hop {hop.index}{word}", "label"))
        if not hop.sub_question.is_same:
            self._head("Sub-question")
            self._text(hop.sub_question)
        if not hop.output.is_same:
            self._head("Output")
            self._text(hop.output)
        if hop.change is not Change.SAME:
            return
        if hop.levels[0] != hop.levels[1]:
            self._head("Level")
            self._pair(level_word(hop.levels[0]), level_word(hop.levels[1]))
        if not hop.is_needing_same:
            self._head("Needs")
            self._pair(*(", ".join(f"hop {n}" for n in needs) or "nothing" for needs in hop.needs))
        for title, keys in (("Starts from", hop.uses), ("Finds", hop.establishes)):
            if not keys.is_same:
                self._head(title)
                self._keys(keys)
        said = _OPERATIONS.get(hop.operation)
        if said:
            self._column.addWidget(QuestionLabel(said, "meta", tone="text-secondary"))

    def _head(self, text: str) -> None:
        self._column.addSpacing(2)
        self._column.addWidget(Label(text, "caption-strong", "secondary"))

    def _text(self, diff: TextDiff) -> None:
        shown = DiffText(diff)
        self.texts.append(shown)
        self._column.addWidget(shown)

    def _pair(self, old: str, new: str) -> None:
        flow = ChipFlow("Was and is")
        flow.show_chips([ChipText(f"− {old}", ChipKind.BAD), ChipText(f"+ {new}", ChipKind.OK)])
        self._column.addWidget(flow, 0, Qt.AlignmentFlag.AlignLeft)

    def _keys(self, keys: KeysDiff) -> None:
        flow = ChipFlow("Instances")
        flow.show_chips(
            [
                *(ChipText(f"− {self._name(k)}", ChipKind.BAD) for k in keys.removed),
                *(ChipText(f"+ {self._name(k)}", ChipKind.OK) for k in keys.added),
                *(ChipText(self._name(k), ChipKind.OUTLINE, swatch=self._colour(k)) for k in keys.kept),
            ]
        )
        self._column.addWidget(flow)

    def _name(self, key: InstanceKey) -> str:
        return self._names.get(key, "gone")


_OPERATIONS = {
    OperationChange.DROPPED: "It is no longer recomputed.",
    OperationChange.ADDED: "It is recomputed again.",
    OperationChange.OTHER: "It is recomputed in another way.",
}
