"""Text as labels: of one role and tone, elided, or set in lines of a given height. All of it plain text."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.style.fonts import font, line_height
from app.style.tokens import tokens_of


class Label(QLabel):
    """Plain text of one role and tone.

    Args:
        text: Shown as it is, never as markup.
        role: A font role of the tokens file: body, label, meta, caption, heading, title, …
        tone: text, secondary, tertiary, accent, ok, warn or bad.
        wraps: In several lines where it does not fit in one.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        tone: str = "text",
        *,
        wraps: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font(role))
        self.setProperty("tone", tone)
        self.setWordWrap(wraps)
        self.setText(text)

    def set_tone(self, tone: str) -> None:
        """Takes another tone."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)


class ElidedLabel(Label):
    """A label that gives way: what does not fit is cut with an ellipsis and stands in the tooltip.

    Args:
        text: Shown as it is.
        role: A font role.
        tone: See `Label`.
        where: The end is cut off for sentences, the middle for paths.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        tone: str = "text",
        *,
        where: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
        parent: QWidget | None = None,
    ) -> None:
        self._where = where
        super().__init__(text, role, tone, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def setText(self, text: str) -> None:
        super().setText(" ".join(text.split()))
        self._tell()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._tell()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        shown = QFontMetricsF(self.font()).elidedText(self.text(), self._where, self.width())
        self.style().drawItemText(
            painter,
            self.rect(),
            int(self.alignment() | Qt.TextFlag.TextSingleLine),
            self.palette(),
            self.isEnabled(),
            shown,
            self.foregroundRole(),
        )

    def _tell(self) -> None:
        is_cut = QFontMetricsF(self.font()).horizontalAdvance(self.text()) > self.width()
        self.setToolTip(self.text() if is_cut else "")


_READABLE_PX = 560
"""Longer lines are hard to find the beginning of the next one from. Chosen."""


class QuestionLabel(QWidget):
    """Text to be read: lines of the height that the role asks for, which QLabel cannot.

    Args:
        text: Shown as it is, never as markup.
        role: A font role: question (15/22), question-solve (20/32), body (13/20), …
        most_lines: Beyond these the last one ends in an ellipsis; 0 for as many as it takes.
        tone: A colour of the tokens.
        is_centred: Each line in the middle of its room, and none longer than one likes to read.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "question",
        *,
        most_lines: int = 0,
        tone: str = "text",
        is_centred: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._text = ""
        self._role = role
        self._most_lines = most_lines
        self._tone = tone
        self._is_centred = is_centred
        self._laid: tuple[int, list[str]] = (-1, [])
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def text(self) -> str:
        """What is shown."""
        return self._text

    def setText(self, text: str) -> None:
        """Shows another text."""
        self._text = text
        self._laid = (-1, [])
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_role(self, role: str) -> None:
        """Shows it in another font role."""
        if role != self._role:
            self._role = role
            self.setText(self._text)

    def line_count(self) -> int:
        """Lines at the present width."""
        return len(self._lines(self.width()))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max(1, len(self._lines(width))) * line_height(self._role)

    def sizeHint(self) -> QSize:
        advance = QFontMetricsF(font(self._role)).horizontalAdvance(self._text)
        width = min(round(advance) + 2, _READABLE_PX)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, line_height(self._role))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font(self._role))
        painter.setPen(tokens_of(self).named(self._tone))
        if not self.isEnabled():
            painter.setOpacity(0.42)
        height = line_height(self._role)
        side = Qt.AlignmentFlag.AlignHCenter if self._is_centred else Qt.AlignmentFlag.AlignLeft
        for index, line in enumerate(self._lines(self.width())):
            painter.drawText(
                QRectF(0, index * height, self.width(), height),
                Qt.AlignmentFlag.AlignVCenter | side | Qt.TextFlag.TextSingleLine,
                line,
            )

    def _lines(self, width: int) -> list[str]:
        if self._laid[0] != width:
            room = min(width, _READABLE_PX) if self._is_centred else width
            self._laid = (width, wrapped(self._text, self._role, float(room), self._most_lines))
        return self._laid[1]


def wrapped(text: str, role: str, width: float, most_lines: int = 0) -> list[str]:
    """Breaks text into lines that fit.

    Args:
        text: Paragraphs are separated by line breaks.
        role: A font role.
        width: In logical pixels.
        most_lines: Beyond these the last one ends in an ellipsis; 0 for as many as it takes.
    """
    lines: list[str] = []
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    for paragraph in text.splitlines() or [""]:
        # Qt counts in units of UTF-16: a character beyond the first plane, such as an emoji, is two of them.
        units = paragraph.encode("utf-16-le", "surrogatepass")
        layout = QTextLayout(paragraph, font(role))
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1.0, width))
            line.setPosition(QPointF(0, 0))
            start, end = 2 * line.textStart(), 2 * (line.textStart() + line.textLength())
            lines.append(units[start:end].decode("utf-16-le", "surrogatepass").rstrip())
            if most_lines and len(lines) > most_lines:
                break
        layout.endLayout()
        if most_lines and len(lines) > most_lines:
            break
    if most_lines and len(lines) > most_lines:
        metrics = QFontMetricsF(font(role))
        last = f"{lines[most_lines - 1]} …"
        return [*lines[: most_lines - 1], metrics.elidedText(last, Qt.TextElideMode.ElideRight, width)]
    return lines


def elided_name(metrics: QFontMetricsF, name: str, width: float) -> str:
    """A name that does not fit, shortened before its number: of "umbrella 1" and "umbrella 2" nothing else tells which.

    Args:
        metrics: Of the font it is painted with.
        name: Such as "piece of broccoli 5".
        width: Room, in logical pixels.
    """
    words, _, number = name.rpartition(" ")
    if not words or not number.isdigit() or metrics.horizontalAdvance(name) <= width:
        return metrics.elidedText(name, Qt.TextElideMode.ElideRight, width)
    room = width - metrics.horizontalAdvance(f" {number}")
    return f"{metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)} {number}"
