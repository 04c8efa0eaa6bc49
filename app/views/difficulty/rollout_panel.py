"""The rollouts of the open chain, at the right: question and label over them, the interval under them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QWidget

from app.actions import ActionTable
from app.models.chain_words import chain_name
from app.models.status_words import counted
from app.presenters.difficulty import Opened
from app.style.icons import paint_icon
from app.style.tokens import radius, tokens_of
from app.thumbnails import Thumbnails, cover
from app.views.difficulty import actions as ids
from app.views.difficulty.charts import SIMULATED_HINT
from app.views.difficulty.rollout_card import RolloutCard
from app.widgets.action_button import ActionButton
from app.widgets.button import ButtonKind
from app.widgets.chip import Chip, ChipKind
from app.widgets.field import Field
from app.widgets.label import ElidedLabel, Label, QuestionLabel
from app.widgets.panel import EmptyState, Ground, Line, PanelHead

_TYPING_MS = 200
_THUMB = QSize(120, 80)


class RolloutPanel(Ground):
    """What a model replied to one question, time after time.

    Args:
        actions: For keys on buttons.
        thumbnails: Small pictures.
    """

    rollout_chosen = Signal(int)
    picture_asked = Signal()

    def __init__(self, actions: ActionTable, thumbnails: Thumbnails, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent=parent)
        self._actions = actions
        self._opened: Opened | None = None
        self._selected = 0
        self._cards: list[RolloutCard] = []
        self.right = Label("", "label")
        self.find_button = ActionButton(actions, ids.FIND_REPLY, ButtonKind.QUIET, shows_text=False)
        self.open_chain = ActionButton(actions, ids.OPEN_CHAIN, ButtonKind.QUIET, shows_text=False)
        self.head = PanelHead("Rollouts", [self.right, self.find_button, self.open_chain])
        self.picture = _Picture(thumbnails)
        self.question = QuestionLabel("", "body", most_lines=4)
        self.facts = ElidedLabel("", "meta", "secondary")
        self.simulated = Chip("simulated", ChipKind.WARN, icon="warning")
        self.simulated.setToolTip(SIMULATED_HINT)
        self.field = Field("Find in replies", icon="search")
        self.found = Label("", "caption", "tertiary")
        self._inside = Ground("surface")
        self.reading = QScrollArea()
        self.interval = ElidedLabel("", "meta")
        self._none = EmptyState("No chain is open", "Choose one from the table.", icon="difficulty")
        self._stack = QStackedWidget()
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_TYPING_MS)
        self._pause.timeout.connect(self._search)
        self.field.textChanged.connect(lambda _: self._pause.start())
        self.field.escaped.connect(self._leave_search)
        self.picture.clicked.connect(self.picture_asked)
        self.show_opened(None, 0)

    @property
    def cards(self) -> tuple[RolloutCard, ...]:
        """One for each rollout."""
        return tuple(self._cards)

    def show_opened(self, opened: Opened | None, selected: int) -> None:
        """Shows a chain's rollouts."""
        is_other = (opened.row.key if opened else None) != (self._opened.row.key if self._opened else None)
        self._opened = opened
        self._stack.setCurrentIndex(1 if opened is not None else 0)
        self.find_button.setVisible(opened is not None)
        self.open_chain.setVisible(opened is not None)
        self.head.show_figure(chain_name(opened.row.number) if opened is not None else "")
        self.right.setText("")
        if opened is None:
            return
        row, difficulty = opened.row, opened.row.difficulty
        self.right.setText(difficulty.words)
        self.question.setText(" ".join(row.question.split()))
        self.facts.setText(f"Label {row.label} · {counted(row.hop_count, 'hop')} · {difficulty.model}")
        self.simulated.setVisible(difficulty.is_simulated)
        self.picture.show_row(row.image_key)
        self._show_interval(opened)
        while len(self._cards) > len(opened.rollouts):
            card = self._cards.pop()
            card.hide()
            card.deleteLater()
        while len(self._cards) < len(opened.rollouts):
            card = RolloutCard(self._actions)
            card.clicked.connect(self.rollout_chosen)
            self._inside.box.insertWidget(len(self._cards), card)
            self._cards.append(card)
        for place, (card, rollout) in enumerate(zip(self._cards, opened.rollouts, strict=True)):
            card.show_rollout(place, rollout, row.hop_count)
        self.show_selected(selected, is_followed=is_other or selected != self._selected)
        if is_other:
            self._search()

    def show_selected(self, place: int, *, is_followed: bool = True) -> None:
        """Opens one rollout and closes the others."""
        self._selected = place
        for n, card in enumerate(self._cards):
            card.show_selected(n == place)
        if is_followed and 0 <= place < len(self._cards):
            # Once it has its new height.
            QTimer.singleShot(0, self, lambda: self._follow(place))

    def toggle_thought(self) -> None:
        """Folds or unfolds what the selected rollout thought."""
        if 0 <= self._selected < len(self._cards) and (body := self._cards[self._selected].body) is not None:
            body.toggle_thought()

    def focus_search(self) -> None:
        """Puts the keyboard into the search."""
        self._field_row.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _follow(self, place: int) -> None:
        if place < len(self._cards):
            card = self._cards[place]
            self._inside.box.activate()
            top, bottom = card.y(), card.y() + min(card.height(), self.reading.viewport().height())
            bar = self.reading.verticalScrollBar()
            if top < bar.value():
                bar.setValue(top)
            elif bottom > bar.value() + self.reading.viewport().height():
                bar.setValue(bottom - self.reading.viewport().height())

    def _search(self) -> None:
        word = self.field.text().strip()
        counts = [card.show_word(word) for card in self._cards]
        if not word:
            self.found.setText("")
        else:
            self.found.setText(f"{sum(counts):,} in {sum(c > 0 for c in counts)} of {len(counts)}")

    def _leave_search(self) -> None:
        self._field_row.hide()
        self.reading.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_interval(self, opened: Opened) -> None:
        difficulty = opened.row.difficulty
        if difficulty.is_rate:
            low, high = difficulty.interval
            self.interval.setText(f"Pass rate {difficulty.pass_rate:.2f}, 95 % interval {low:.2f} to {high:.2f}")
        else:
            self.interval.setText(f"{difficulty.words.capitalize()}: tried until decided, so there is no pass rate")

    def _lay_out(self) -> None:
        body = Ground("surface")
        top = QWidget()
        row = QHBoxLayout(top)
        row.setContentsMargins(16, 12, 16, 8)
        row.setSpacing(12)
        row.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.question, 1, Qt.AlignmentFlag.AlignTop)
        facts = QHBoxLayout()
        facts.setContentsMargins(16, 0, 16, 12)
        facts.setSpacing(8)
        facts.addWidget(self.facts, 1)
        facts.addWidget(self.simulated)
        self._field_row = QWidget()
        search = QHBoxLayout(self._field_row)
        search.setContentsMargins(16, 8, 16, 8)
        search.addWidget(self.field, 1)
        search.addWidget(self.found)
        self._field_row.hide()
        self._inside.box.addStretch(1)
        self.reading.setWidget(self._inside)
        self.reading.setWidgetResizable(True)
        self.reading.setFrameShape(QFrame.Shape.NoFrame)
        self.reading.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.reading.setAccessibleName("Rollouts")
        foot = Ground("surface", is_row=True, margins=(16, 10, 16, 10))
        foot.box.addWidget(self.interval)
        body.box.addWidget(top)
        body.box.addLayout(facts)
        for widget in (Line(), self._field_row, self.reading, Line(), foot):
            body.box.addWidget(widget, 1 if widget is self.reading else 0)
        self._stack.addWidget(self._none)
        self._stack.addWidget(body)
        self.box.addWidget(self.head)
        self.box.addWidget(self._stack, 1)


class _Picture(QWidget):
    """The picture of the chain, small; a click shows it large."""

    clicked = Signal()

    def __init__(self, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._key = ""
        self.setFixedSize(_THUMB)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName("Picture of the chain")
        self.setToolTip("Show the picture  (V)")
        thumbnails.ready.connect(self._come)

    def show_row(self, key: str) -> None:
        """Shows another picture."""
        self._key = key
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = tokens_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        shape = QPainterPath()
        shape.addRoundedRect(self.rect().toRectF(), radius("image"), radius("image"))
        painter.fillPath(shape, t.sunken)
        found = self._thumbnails.get(self._key, round(_THUMB.height() * self.devicePixelRatioF()))
        if found is None:
            paint_icon(painter, "image", self.rect().toRectF().adjusted(48, 28, -48, -28), t.line_strong)
            return
        painter.setClipPath(shape)
        x, y, wide, high = cover(found.size(), _THUMB)
        painter.drawPixmap(self.rect().toRectF(), found, QRectF(x, y, wide, high))

    def _come(self, key: str) -> None:
        if key == self._key:
            self.update()
