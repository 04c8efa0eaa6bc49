"""In which order pictures are listed: one button that says it, and the menu behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QMenu, QWidget

from app.actions import ActionSpec, ActionTable
from app.presenters.library_choice import Choice
from app.views.frame.menus import SEPARATOR, fill, show_below
from app.widgets.button import Button, ButtonKind
from hopchain_core.project import ImageSort


@dataclass(frozen=True, slots=True)
class Order:
    """How an order is called.

    Attributes:
        text: On the button and in the menu.
        upwards: Its way from least to most.
        downwards: The other way.
        is_downwards: It begins that way when it is chosen.
    """

    text: str
    upwards: str
    downwards: str
    is_downwards: bool = False


ORDERS: dict[ImageSort, Order] = {
    ImageSort.PATH: Order("Name", "A to Z", "Z to A"),
    ImageSort.ADDED: Order("Added", "Oldest first", "Newest first", True),
    ImageSort.INSTANCES: Order("Instances", "Fewest first", "Most first", True),
    ImageSort.CHAINS: Order("Chains", "Fewest first", "Most first", True),
}
UPWARDS, DOWNWARDS = "library.order.up", "library.order.down"


def sort_id(sort: ImageSort) -> str:
    """The id of the action that chooses an order."""
    return f"library.order.{sort.value}"


def order_actions(choice: Callable[[], Choice], take: Callable[[ImageSort, bool], object]) -> tuple[ActionSpec, ...]:
    """One action for each order, and two for its way.

    Args:
        choice: What is chosen now.
        take: Chooses an order, and whether the most comes first.
    """

    def spec(id_: str, text: str, run: Callable[[], object], checked: Callable[[], bool]) -> ActionSpec:
        return ActionSpec(id=id_, text=text, run=run, group="Library", space="library", checked_when=checked)

    def by(sort: ImageSort, order: Order) -> ActionSpec:
        return spec(
            sort_id(sort),
            f"Sort by {order.text.lower()}",
            lambda: take(sort, order.is_downwards if choice().sort is not sort else choice().descending),
            lambda: choice().sort is sort,
        )

    return (
        *(by(sort, order) for sort, order in ORDERS.items()),
        spec(UPWARDS, "Sort upwards", lambda: take(choice().sort, False), lambda: not choice().descending),
        spec(DOWNWARDS, "Sort downwards", lambda: take(choice().sort, True), lambda: choice().descending),
    )


class OrderButton(Button):
    """Says the order; a click or Enter opens the menu of orders.

    Args:
        actions: Holds `order_actions`.
    """

    def __init__(self, actions: ActionTable, parent: QWidget | None = None) -> None:
        super().__init__("", "sort", ButtonKind.QUIET, has_menu=True, parent=parent)
        self._actions = actions
        self._order = ORDERS[ImageSort.PATH]
        self.menu: QMenu | None = None
        self.clicked.connect(self._open)

    def show_choice(self, choice: Choice) -> None:
        """Shows the order chosen."""
        self._order = ORDERS[choice.sort]
        way = self._order.downwards if choice.descending else self._order.upwards
        self.set_text(self._order.text)
        self.set_icon("sort-up" if choice.descending else "sort")
        # "Most first" becomes part of a sentence; "Z to A" stays as it is.
        way = way if " to " in way else f"{way[:1].lower()}{way[1:]}"
        self.set_name(f"Order: {self._order.text}, {way}")

    def _open(self) -> None:
        menu = QMenu(self)
        fill(menu, self._actions, [*map(sort_id, ORDERS), SEPARATOR, UPWARDS, DOWNWARDS])
        # In the menu the button has said already what it is about.
        words = [*(order.text for order in ORDERS.values()), "", self._order.upwards, self._order.downwards]
        for entry, text in zip(menu.actions(), words, strict=True):
            if text:
                entry.setText(text)
        self.menu = menu
        menu.destroyed.connect(self._forget)
        show_below(menu, self)

    def _forget(self) -> None:
        self.menu = None
