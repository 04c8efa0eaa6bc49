"""One rollout: its answer against the label, where it went wrong, its reply to read, and buttons to judge it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from app.actions import ActionTable
from app.models.error_words import (
    KIND_KEYS,
    KIND_WORDS,
    SUBKIND_KEYS,
    SUBKIND_WORDS,
    error_sentence,
    error_word,
    subkinds_offered,
)
from app.models.rollout_text import ReplyText, excerpt, found_in
from app.style.fonts import font
from app.style.tokens import tokens_of
from app.views.difficulty import actions as ids
from app.widgets.action_button import ActionButton
from app.widgets.button import Button, ButtonKind, ButtonSize
from app.widgets.chip import Chip, ChipKind
from app.widgets.flow import Flow
from app.widgets.label import Label, QuestionLabel
from app.widgets.panel import IconLabel
from hopchain_core.domain.rollout_errors import ErrorSubkind, JudgedRollout
from hopchain_core.domain.rollouts import ErrorKind, FinishReason

_MOST_TEXT_PX, _LEAST_TEXT_PX = 360, 60
_FINISH = {FinishReason.LENGTH: "Cut off"}


class RolloutCard(QWidget):
    """One rollout; the selected one is open.

    Args:
        actions: For keys on buttons.
    """

    clicked = Signal(int)
    """Its place among the rollouts of the chain."""

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._place = 0
        self._rollout: JudgedRollout | None = None
        self._is_selected = False
        self._word = ""
        self._reply = ReplyText("", "")
        self._body: _Body | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.icon = IconLabel("check", 14)
        self.answer = Label("", "heading")
        self.chips = QHBoxLayout()
        self.chips.setSpacing(8)
        self.tokens = Label("", "meta", "tertiary")
        self.line = QuestionLabel("", "meta", most_lines=2, tone="text-secondary")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.icon)
        head.addWidget(self.answer)
        head.addLayout(self.chips)
        head.addStretch(1)
        head.addWidget(self.tokens)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 9, 16, 10)
        self._column.setSpacing(4)
        self._column.addLayout(head)
        lines = QHBoxLayout()
        lines.setContentsMargins(24, 0, 0, 0)
        lines.addWidget(self.line)
        self._column.addLayout(lines)

    @property
    def body(self) -> _Body | None:
        """The open part, once it has been selected."""
        return self._body

    def show_rollout(self, place: int, rollout: JudgedRollout, hop_count: int) -> None:
        """Shows one."""
        is_other = self._rollout is None or self._rollout.rollout.text != rollout.rollout.text
        self._place, self._rollout = place, rollout
        attempt = rollout.rollout
        if is_other:
            self._reply = ReplyText.of(attempt.text)
        self.icon.show_icon("check" if rollout.is_right else "cross", "ok" if rollout.is_right else "bad")
        self.answer.setText(attempt.answer.text if attempt.answer is not None else "—")
        self.answer.setToolTip("" if attempt.answer is not None else "No number could be read from the reply")
        self.tokens.setText(f"{attempt.tokens:,} tokens" if attempt.tokens is not None else f"rollout {place + 1}")
        while (item := self.chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._add_chips(rollout)
        words = ["right" if rollout.is_right else "wrong", f"answer {self.answer.text()}"]
        if attempt.first_wrong_hop is not None:
            words.append(f"first wrong at hop {attempt.first_wrong_hop} of {hop_count}")
        if rollout.error is not None:
            words.append(error_sentence(rollout.error))
        self.setAccessibleName(f"Rollout {place + 1}: {', '.join(words)}")
        self._show_line()
        if self._body is not None:
            self._body.show_rollout(rollout, self._reply)

    def show_selected(self, is_selected: bool) -> None:
        """Opens or closes it."""
        self._is_selected = is_selected
        if is_selected and self._body is None and self._rollout is not None:
            self._body = _Body(self._actions)
            self._body.show_rollout(self._rollout, self._reply)
            self._body.show_word(self._word)
            self._column.addWidget(self._body)
        if self._body is not None:
            self._body.setVisible(is_selected)
        self.line.setVisible(not is_selected)
        self.updateGeometry()
        self.update()

    def show_word(self, word: str) -> int:
        """Marks a word in the reply; how often it stands there."""
        self._word = word
        self._show_line()
        if self._body is not None:
            self._body.show_word(word)
        return found_in(self._reply.thought, word) + found_in(self._reply.said, word)

    def _show_line(self) -> None:
        text = self._reply.said or self._reply.thought
        if self._word and not found_in(text, self._word) and found_in(self._reply.thought, self._word):
            text = self._reply.thought
        self.line.setText(excerpt(text, around=self._word) or "An empty reply")

    def _add_chips(self, rollout: JudgedRollout) -> None:
        attempt = rollout.rollout
        if not rollout.is_right and attempt.first_wrong_hop is not None:
            chip = Chip(f"Hop {attempt.first_wrong_hop}")
            chip.setToolTip("The first hop that went wrong")
            self.chips.addWidget(chip)
        if attempt.finish_reason in _FINISH:
            self.chips.addWidget(Chip(_FINISH[attempt.finish_reason], ChipKind.WARN))
        elif attempt.answer is None:
            self.chips.addWidget(Chip("No answer", ChipKind.WARN))
        if rollout.error is not None:
            chip = Chip(error_word(rollout.error.kind, rollout.error.subkind), ChipKind.OUTLINE)
            chip.setToolTip(error_sentence(rollout.error))
            self.chips.addWidget(chip)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit(self._place)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        if self._is_selected:
            painter.fillRect(self.rect(), t.accent_soft)
            painter.fillRect(0, 0, 3, self.height(), t.accent)
        elif self.underMouse():
            painter.fillRect(self.rect(), t.hover)
        painter.fillRect(0, self.height() - 1, self.width(), 1, t.line)

    def enterEvent(self, event: object) -> None:
        self.update()

    def leaveEvent(self, event: object) -> None:
        self.update()


class _Body(QWidget):
    """The whole reply, what was thought folded away, hops as they were followed, and buttons to judge."""

    def __init__(self, actions: ActionTable) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.fold = Button("", "chevron-right", ButtonKind.QUIET, size_=ButtonSize.SMALL)
        self.fold.clicked.connect(self.toggle_thought)
        self.thought, self.said = _Reply("What was thought"), _Reply("Reply")
        self.known = Label("", "caption", "tertiary", wraps=True)
        self.kinds = Flow(spacing=8)
        self.finer = Flow(spacing=8)
        self._kind: ErrorKind | None = None
        self._reply = ReplyText("", "")
        self._actions = actions
        self._buttons: dict[ErrorKind, ActionButton] = {}
        self._subs: dict[ErrorSubkind, ActionButton] = {}
        for kind, (word, hint) in KIND_WORDS.items():
            button = ActionButton(
                actions, ids.KIND.format(kind.value), size_=ButtonSize.SMALL, shows_keys=bool(KIND_KEYS[kind])
            )
            button.setToolTip(f"{word}: {hint}")
            self._buttons[kind] = button
            self.kinds.add(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 4, 0, 2)
        column.setSpacing(8)
        column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self.thought, self.said, self.known, self.kinds, self.finer):
            column.addWidget(widget)
        self.thought.hide()

    def show_rollout(self, rollout: JudgedRollout, reply: ReplyText) -> None:
        """Shows one."""
        self._reply = reply
        self.fold.setVisible(bool(reply.thought))
        self._show_fold()
        self.thought.show_text(reply.thought)
        self.said.show_text(reply.said or ("" if reply.thought else "An empty reply"))
        self.said.setVisible(bool(reply.said) or not reply.thought)
        known = rollout.rollout.error_kind
        self.known.setText(f"The simulation made this an error of {known.value}." if known is not None else "")
        self.known.setVisible(known is not None)
        self.kinds.setVisible(not rollout.is_right)
        kind = rollout.error.kind if rollout.error is not None else None
        subkind = rollout.error.subkind if rollout.error is not None else None
        for one, button in self._buttons.items():
            button.set_kind(ButtonKind.PRIMARY if one is kind else ButtonKind.DEFAULT)
        self._offer(kind if not rollout.is_right else None)
        for sub, button in self._subs.items():
            button.set_kind(ButtonKind.PRIMARY if sub is subkind else ButtonKind.DEFAULT)

    def button_of(self, kind: ErrorKind) -> ActionButton:
        """The button that says this kind."""
        return self._buttons[kind]

    def show_word(self, word: str) -> None:
        """Marks a word; what was thought is unfolded where it stands there alone."""
        if word and found_in(self._reply.thought, word) and not found_in(self._reply.said, word):
            self.thought.setVisible(True)
            self._show_fold()
        self.thought.show_word(word)
        self.said.show_word(word)

    def toggle_thought(self) -> None:
        """Folds what was thought, or unfolds it."""
        self.thought.setVisible(bool(self._reply.thought) and self.thought.isHidden())
        self._show_fold()

    def _show_fold(self) -> None:
        is_open = not self.thought.isHidden()
        self.fold.set_icon("chevron-down" if is_open else "chevron-right")
        self.fold.set_text(f"Thought, {self._reply.thought_words:,} words")

    def _offer(self, kind: ErrorKind | None) -> None:
        if kind is self._kind:
            return
        self._kind = kind
        self.finer.clear()
        self._subs.clear()
        for sub in subkinds_offered(kind) if kind is not None else ():
            word, hint = SUBKIND_WORDS[sub]
            button = ActionButton(
                self._actions,
                ids.SUBKIND.format(sub.value),
                size_=ButtonSize.SMALL,
                shows_keys=bool(SUBKIND_KEYS[sub]),
                text=word,
            )
            button.setToolTip(hint)
            self._subs[sub] = button
            self.finer.add(button)
        self.finer.setVisible(bool(self._subs))


class _Reply(QPlainTextEdit):
    """A reply to read; it scrolls by itself where it is long. It never takes the keyboard, so that keys judge."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font("body"))
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("bare", True)
        self.document().setDocumentMargin(8)

    def show_text(self, text: str) -> None:
        """Shows another text."""
        if self.toPlainText() != text:
            self.setPlainText(text)
        self._fit()

    def show_word(self, word: str) -> None:
        """Marks a word wherever it stands."""
        t = tokens_of(self)
        marks = []
        if word:
            form = QTextCharFormat()
            form.setBackground(t.warn_soft)
            form.setForeground(t.warn)
            cursor = self.document().find(word, 0)
            while not cursor.isNull():
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = cursor, form
                marks.append(mark)
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(marks)
        if marks:
            first = QTextCursor(marks[0].cursor)
            first.clearSelection()
            self.setTextCursor(first)
            self.ensureCursorVisible()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    def _fit(self) -> None:
        # So high that the buttons under it are seen, too.
        most = max(160, min(_MOST_TEXT_PX, round(0.3 * self.window().height())))
        lines, block = 0, self.document().begin()
        while block.isValid() and lines * self.fontMetrics().lineSpacing() < most:
            lines += max(1, block.layout().lineCount())
            block = block.next()
        height = lines * self.fontMetrics().lineSpacing() + 2 * 8 + 4
        self.setFixedHeight(max(_LEAST_TEXT_PX if lines > 2 else 36, min(most, round(height))))
