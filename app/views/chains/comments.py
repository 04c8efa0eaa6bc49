"""What people wrote about a chain, and a field to write more."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.presenters.chain_detail import ChainDetail
from app.widgets.field import Field
from app.widgets.label import Label, QuestionLabel
from hopchain_core.domain.review import Comment


class Comments(QWidget):
    """Comments on all versions of a chain, the oldest first."""

    written = Signal(str)
    """A comment to add."""
    left = Signal()
    """Esc or Enter in the field: the keyboard belongs elsewhere again."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[Comment, ...] | None = None
        self._may_write = True
        self.title = Label("Comments", "caption-strong", "secondary")
        self.rows = QVBoxLayout()
        self.rows.setContentsMargins(0, 0, 0, 0)
        self.rows.setSpacing(10)
        self.field = Field("Add a comment", icon="comment")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 4, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addLayout(self.rows)
        column.addWidget(self.field)
        self.field.returnPressed.connect(self._send)
        self.field.escaped.connect(self._leave)
        self.field.hide()

    def show_chain(self, detail: ChainDetail, *, may_write: bool) -> None:
        """Shows the comments on a chain."""
        self._may_write = may_write
        comments = detail.comments
        if self._shown is None or comments != self._shown:
            self._shown = comments
            while (item := self.rows.takeAt(0)) is not None:
                if (gone := item.widget()) is not None:
                    gone.hide()
                    gone.deleteLater()
            versions = {v.chain.key: v.chain.version for v in detail.versions}
            for comment in comments:
                version = versions.get(comment.chain, 0)
                is_older = comment.chain != detail.key and version > 0
                self.rows.addWidget(_CommentRow(comment, f"version {version}" if is_older else ""))
        self._show_parts()

    def write(self) -> None:
        """Gives the keyboard to the field."""
        self.field.show()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def newest(self) -> QWidget | None:
        """The comment that was written last."""
        item = self.rows.itemAt(self.rows.count() - 1)
        return item.widget() if item is not None else None

    def texts(self) -> list[str]:
        """The comments shown."""
        return [comment.text for comment in self._shown or ()]

    def _show_parts(self) -> None:
        has_any = bool(self._shown)
        self.title.setText(f"Comments {len(self._shown or ())}" if has_any else "Comments")
        self.field.setVisible((has_any or self.field.hasFocus()) and self._may_write)
        self.setVisible(has_any or self.field.hasFocus())

    def _send(self) -> None:
        text = self.field.text().strip()
        self.field.clear()
        if text:
            self.written.emit(text)
        self._leave()

    def _leave(self) -> None:
        self.left.emit()
        self._show_parts()


class _CommentRow(QWidget):
    def __init__(self, comment: Comment, version: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(Label(comment.author, "caption-strong"))
        head.addWidget(
            Label(" · ".join(p for p in (moment_text(comment.written_at), version) if p), "meta", "tertiary")
        )
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(QuestionLabel(comment.text, "body"))
        self.setAccessibleName(f"{comment.author}: {comment.text}")


def moment_text(moment: str) -> str:
    """Day and time of an ISO 8601 moment, in the time of this computer."""
    try:
        at = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return moment
    now = datetime.now().astimezone()
    if at.date() == now.date():
        return at.strftime("%H:%M")
    return at.strftime("%-d %b %H:%M" if at.year == now.year else "%-d %b %Y")
