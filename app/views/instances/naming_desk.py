"""Asks what an instance is: one that was just drawn, or those that are selected."""

from __future__ import annotations

from app.models.status_words import counted
from app.presenters.instances import Drawn, InstancesPresenter
from app.settings import Settings
from app.views.instances.instance_list import InstanceList
from app.views.instances.stage import InstancesStage

_LAST = "instances.category"


class NamingDesk:
    """Where and how a category is typed.

    Args:
        settings: The category given last is kept there.
        presenter: Takes it.
        stage: Asks beside the instance on the picture.
        instances: Lets it be typed over in a row.
    """

    def __init__(
        self, settings: Settings, presenter: InstancesPresenter, stage: InstancesStage, instances: InstanceList
    ) -> None:
        self._settings = settings
        self._presenter = presenter
        self._stage = stage
        self._list = instances

    def show_drawn(self, drawn: Drawn | None) -> None:
        """Shows a shape that waits for its category, and asks for it."""
        self._stage.show_drawn(drawn)
        if drawn is not None:
            last = self._settings.get(_LAST, "")
            known = self._presenter.categories
            preset = last if last in known else ""
            self._stage.ask_category("What is this?", [drawn.box], known, self._presenter.numbered, preset)

    def take_name(self, category: str) -> None:
        """A person said what it is."""
        if self._presenter.drawn is not None:
            self._settings.set(_LAST, category)
            self._presenter.name_drawn(category)
        else:
            self._presenter.relabel(category)

    def ask_relabel(self) -> None:
        """Lets the category be typed: in the list where it has the keyboard, else beside what is selected."""
        if self._presenter.drawn is not None:
            self._stage.go_on_naming()
            return
        rows = self._presenter.selected_rows
        if not rows:
            return
        if len(rows) == 1 and self._list.hasFocus():
            self._list.edit_current()
            return
        categories = {row.category for row in rows}
        self._stage.ask_category(
            rows[0].name if len(rows) == 1 else counted(len(rows), "instance"),
            [row.instance.box for row in rows],
            self._presenter.categories,
            self._presenter.numbered,
            categories.pop() if len(categories) == 1 else "",
        )
