"""Buttons that stand for an action of the table: text, icon, key, state and what they do come from it."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from app.actions import ActionSpec, ActionTable
from app.widgets.button import Button, ButtonKind, ButtonSize


class ActionButton(Button):
    """A button of an action. A changed shortcut changes its cap; a disabled one says why in its tooltip.

    Args:
        actions: The table.
        action_id: Of the action; it may come to the table later, the button is disabled until then.
        kind: How much it asks for.
        size_: How high.
        shows_text: Otherwise only the icon, with the text in the tooltip.
        shows_keys: The key cap stands on the button.
        text: In place of the action's own.
    """

    def __init__(
        self,
        actions: ActionTable,
        action_id: str,
        kind: ButtonKind = ButtonKind.DEFAULT,
        *,
        size_: ButtonSize = ButtonSize.NORMAL,
        shows_text: bool = True,
        shows_keys: bool = False,
        text: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kind=kind, size_=size_, shows_keys=shows_keys, parent=parent)
        self._actions = actions
        self._action_id = action_id
        self._shows_text = shows_text
        self._own_text = text
        self._dressed_as: tuple[ActionSpec | None, str] | None = None
        self._is_due = False
        self.clicked.connect(self._do)
        actions.changed.connect(self._follow)
        actions.refreshed.connect(self._refresh)
        self._dress()

    @property
    def action_id(self) -> str:
        """Of the action it stands for."""
        return self._action_id

    def set_shows_text(self, shows_text: bool) -> None:
        """With its text, or with the icon alone where there is little room."""
        if self._shows_text != shows_text:
            self._shows_text = shows_text
            self._dress()

    def _do(self) -> None:
        self._actions.trigger(self._action_id)
        self._ask_state()

    def _follow(self) -> None:
        # The table changes with every space that is built; hardly any of it concerns this button.
        if self._dressed_as != self._now():
            self._dress()

    def _now(self) -> tuple[ActionSpec | None, str]:
        if not self._actions.has(self._action_id):
            return None, ""
        return self._actions.spec(self._action_id), self._actions.first_key(self._action_id)

    def _dress(self) -> None:
        spec, key = self._dressed_as = self._now()
        if spec is None:
            self.set_available(False)
            return
        text = self._own_text or spec.text
        self.set_icon(spec.icon)
        self.setCheckable(spec.checked_when is not None)
        self.set_name("" if self._shows_text else text.rstrip("…"))
        self.set_text(text if self._shows_text else "")
        self.set_keys(key)
        self._ask_state()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_due:
            self._ask_state()

    def _refresh(self) -> None:
        # Each step of a person asks; most buttons belong to spaces that are out of sight.
        if self.isVisible():
            self._ask_state()
        else:
            self._is_due = True

    def _ask_state(self) -> None:
        self._is_due = False
        is_on = self._actions.is_checked(self._action_id)
        if self.isCheckable() and self.isChecked() != is_on:
            self.setChecked(is_on)
        is_enabled = self._actions.is_enabled(self._action_id)
        why_not = "" if is_enabled else self._actions.why_not(self._action_id)
        if is_enabled != self.isEnabled() or why_not:
            self.set_available(is_enabled, why_not)
        if self.shows_keys:
            self.set_cap_faint(self._actions.is_typing and self._actions.is_plain(self._action_id))
