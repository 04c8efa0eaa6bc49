"""The menus of the space Instances: on what is selected, on a candidate, beside both."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QMenu, QWidget

from app.actions import ActionTable
from app.presenters.instance_candidates import is_candidate
from app.presenters.instances import InstancesPresenter
from app.views.frame.menus import fill
from app.views.instances import actions as ids
from app.views.instances.prompt_desk import PromptDesk
from hopchain_core.domain.keys import InstanceKey


class InstanceMenus(QObject):
    """Opens a menu where it is asked for.

    Args:
        actions: What can be done.
        presenter: Whose instances they are.
        desk: Takes the right button while points are placed.
        parent: The space; menus are its children.
    """

    def __init__(self, actions: ActionTable, presenter: InstancesPresenter, desk: PromptDesk, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._presenter = presenter
        self._desk = desk
        self._space = parent

    def open_on_picture(self, key: InstanceKey | None, where: QPoint) -> None:
        """On an instance of the picture, or beside all, at a place on the screen."""
        if not self._desk.place_outside(where):
            self.open(key, where)

    def open(self, key: InstanceKey | None, where: QPoint) -> None:
        """On an instance of a list, or on none, at a place on the screen."""
        if key is not None and is_candidate(key):
            self._desk.select((key,))
            self._popup(where, ids.ON_CANDIDATE)
            return
        if key is not None and key not in self._presenter.selected:
            self._presenter.select([key])
        if key is None:
            self._popup(where, ids.ON_PICTURE)
        else:
            labels = [f"instances.label_{digit}" for digit in range(1, len(self._presenter.numbered) + 1)]
            self._popup(where, ids.ON_SELECTION, labels)

    def _popup(self, where: QPoint, shown: Sequence[str], labels: Sequence[str] = ()) -> None:
        menu = QMenu(self._space)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill(menu, self._actions, shown)
        if labels:
            fill(menu.addMenu("Relabel as"), self._actions, labels)
        menu.popup(where)
