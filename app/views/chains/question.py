"""The head of a chain: its question, who wrote it, and its answer."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.models.chain_words import COMPOSER_WORDS, chain_name
from app.models.status_words import STATUS_WORDS
from app.presenters.chain_detail import ChainDetail, Check, CheckState
from app.style.fonts import line_height
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.label import ElidedLabel, Label, QuestionLabel
from app.widgets.panel import Ground, IconLabel, Line
from hopchain_core.domain.chains import Composer

LEAST_ROOM, ROOM_FOR_QUESTION = 4, 0.2
"""Lines of a question that always have room, and the share of the window's height that they may take. Chosen: the
longest questions that the program composer writes are read whole at 1280 by 800."""
_ANSWER_PX = 128
_ROOM_FOR_COLUMN_PX = 720
"""Where the header is narrower the answer stands in the row above the question, which then has the whole width."""


class CheckLine(QWidget):
    """What recomputing says of a stated result: an icon and a word.

    Args:
        is_icon: The word stands in the tooltip only.
    """

    def __init__(self, *, is_icon: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel("check", 14, "ok")
        self._text = ElidedLabel("", "meta", "ok")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._icon)
        row.addWidget(self._text, 1)
        self._text.setVisible(not is_icon)
        self._is_icon = is_icon

    def show_check(self, check: Check) -> None:
        """Shows how the two compare; nothing where there is nothing to compare."""
        icon, tone, text, hint = {
            CheckState.SAME: ("check", "ok", "recomputed", "The operations give the same"),
            CheckState.CLAIMED: ("check", "secondary", "follows", "It follows from earlier hops, as they state"),
            CheckState.DIFFERS: ("warning", "bad", f"recomputed: {check.text}", "The operations give something else"),
            CheckState.FAILS: ("warning", "bad", "no value", check.text),
            CheckState.NONE: ("", "secondary", "", ""),
        }[check.state]
        self.setVisible(bool(text))
        if text:
            self._icon.show_icon(icon, "text-secondary" if tone == "secondary" else tone)
            self._text.set_tone(tone)
            self._text.setText(text)
            self.setToolTip(f"{text}: {hint}" if self._is_icon else hint)
            self.setAccessibleName(text)

    def text(self) -> str:
        """What is shown."""
        return "" if self.isHidden() else self._text.text()


class QuestionHeader(Ground):
    """Question and answer of the open chain."""

    history_asked = Signal()
    """A person wants to see the versions."""
    version_chosen = Signal(int)
    """A person wants to compare this version with the one shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", is_row=True, margins=(16, 12, 0, 12), spacing=0, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._detail: ChainDetail | None = None
        self.facts = ElidedLabel("", "meta", "tertiary")
        self.standing = Label("", "meta", "secondary")
        self.versions = Button("Version 1", "history", ButtonKind.QUIET, size_=ButtonSize.SMALL, has_menu=True)
        self.question = _Question()
        self.answer = Label("", "figure-small")
        self.check = CheckLine()
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 8, 0)
        head.setSpacing(8)
        head.addWidget(Label("Question", "caption-strong", "secondary"))
        head.addWidget(self.facts, 1)
        head.addWidget(self.standing)
        head.addWidget(self.versions)
        self._beside = self._made_beside()
        head.addWidget(self._beside)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(4)
        left.addLayout(head)
        left.addWidget(self.question)
        left.addStretch(1)
        self._right = right = QWidget()
        right.setFixedWidth(_ANSWER_PX)
        column = QVBoxLayout(right)
        column.setContentsMargins(8, 0, 8, 0)
        column.setSpacing(2)
        column.addStretch(1)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(Label("Answer", "meta", "secondary"), 0, centre)
        column.addWidget(self.answer, 0, centre)
        column.addWidget(self.check, 0, centre)
        column.addStretch(1)
        self.box.addLayout(left, 1)
        self._rule = Line(is_vertical=True)
        self.box.addWidget(self._rule)
        self.box.addWidget(right)
        self.versions.clicked.connect(self._open_versions)

    def _made_beside(self) -> QWidget:
        beside = QWidget()
        self._small_answer, self._small_check = Label("", "heading"), CheckLine(is_icon=True)
        row = QHBoxLayout(beside)
        row.setContentsMargins(8, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(Label("Answer", "meta", "secondary"))
        row.addWidget(self._small_answer)
        row.addWidget(self._small_check)
        return beside

    def show_chain(self, detail: ChainDetail) -> None:
        """Shows a chain."""
        self._detail = detail
        chain = detail.chain
        composer = COMPOSER_WORDS[chain.composer]
        if chain.composer is Composer.PERSON and detail.versions:
            first = detail.versions[0].chain.composer
            if first is not Composer.PERSON:
                composer = f"{COMPOSER_WORDS[first]}, edited by a person"
        self.facts.setText(f"{chain_name(detail.stored.number)} · {composer}")
        words = STATUS_WORDS[detail.status]
        self.standing.setText("no longer in the project" if detail.is_gone else words.text)
        self.standing.setToolTip(words.hint)
        self.versions.set_text(f"Version {chain.version}")
        several = len(detail.versions) > 1
        self.versions.set_available(several, "there is one version only")
        self.question.show_question(chain.question)
        self.answer.setText(chain.answer.text)
        self.answer.setAccessibleName(f"Answer {chain.answer.text}")
        self.check.show_check(detail.answer_check)
        self._small_answer.setText(chain.answer.text)
        self._small_answer.setAccessibleName(f"Answer {chain.answer.text}")
        self._small_check.show_check(detail.answer_check)

    def follow_window(self) -> None:
        """The window became higher or lower: more or fewer lines have room."""
        self.question.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        has_column = self.width() >= _ROOM_FOR_COLUMN_PX
        self.standing.setVisible(has_column)
        for part in (self._rule, self._right):
            part.setVisible(has_column)
        self._beside.setVisible(not has_column)

    def _open_versions(self) -> None:
        if self._detail is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for stored in reversed(self._detail.versions):
            entry = menu.addAction(f"Version {stored.chain.version} · {COMPOSER_WORDS[stored.chain.composer]}")
            entry.setCheckable(True)
            entry.setChecked(stored.chain.key == self._detail.key)
            entry.triggered.connect(lambda _=False, n=stored.number: self.version_chosen.emit(n))
        menu.addSeparator()
        menu.addAction("Compare versions…").triggered.connect(self.history_asked)
        menu.popup(self.versions.mapToGlobal(QPoint(0, self.versions.height() + 4)))


class _Question(QScrollArea):
    """As many lines as the window has room for before they scroll."""

    def __init__(self) -> None:
        super().__init__()
        self.label = QuestionLabel("", "question")
        # By itself it asks for the height at its own best width, also where it is wider.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.label.setSizePolicy(policy)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 16, 0)
        column.addWidget(self.label)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)

    def show_question(self, text: str) -> None:
        """Shows another question, from its beginning."""
        self.label.setText(text)
        self.label.setToolTip("")
        self.verticalScrollBar().setValue(0)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Takes the height that the question needs, as far as there is room."""
        role, lines, most = "question", 1, LEAST_ROOM
        # Longer ones take the smaller letters of other texts before they scroll.
        for role in ("question", "body"):
            self.label.set_role(role)
            room = ROOM_FOR_QUESTION * self.window().height()
            most = max(LEAST_ROOM, int(room / line_height(role)))
            # Counted for the width without a scroll bar, which comes only where there are more lines than are shown.
            lines = self.label.heightForWidth(max(1, self.width() - 16)) // line_height(role)
            if lines <= most:
                break
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOn if lines > most else policy.ScrollBarAlwaysOff)
        height = min(most, max(1, lines)) * line_height(role)
        if self.height() != height:
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(400, self.minimumHeight())
