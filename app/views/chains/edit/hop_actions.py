"""Keys and palette entries for the hop that is open in the editor."""

from __future__ import annotations

from collections.abc import Callable

from app.actions import ActionSpec
from app.presenters.chain_edit import ChainEdit
from app.views.chains.edit.hop_tools import ADD_KEYS, DOWN_KEYS, REMOVE_KEYS, UP_KEYS

TO_QUESTION, TO_HOP = "chains.edit_to_question", "chains.edit_to_hop_{}"
MOST_KEYS = 9
GO_ACTIONS = (TO_QUESTION, *(TO_HOP.format(n) for n in range(1, MOST_KEYS + 1)))
HOP_ACTIONS = ("chains.add_hop", "chains.remove_hop", "chains.move_hop_up", "chains.move_hop_down")


def hop_actions(edit: ChainEdit, hop: Callable[[], int | None]) -> tuple[ActionSpec, ...]:
    """Adds, removes and moves hops.

    Args:
        edit: What is edited.
        hop: Number of the hop that is open.
    """

    def spec(id_: str, text: str, icon: str, keys: str, run: Callable[[int], object]) -> ActionSpec:
        def act() -> None:
            index = hop()
            if index is not None:
                run(index)

        return ActionSpec(
            id=id_,
            text=text,
            icon=icon,
            keys=(keys,),
            group="Chains",
            space="chains",
            run=act,
            in_text=True,
            enabled_when=lambda: edit.is_editing and edit.picking is None and hop() is not None,
        )

    add, remove, up, down = HOP_ACTIONS
    return (
        spec(add, "Add a hop after this", "plus", ADD_KEYS, edit.add_hop),
        spec(remove, "Remove hop", "trash", REMOVE_KEYS, edit.remove_hop),
        spec(up, "Move hop up", "chevron-up", UP_KEYS, lambda index: edit.move_hop(index, -1)),
        spec(down, "Move hop down", "chevron-down", DOWN_KEYS, lambda index: edit.move_hop(index, 1)),
    )


def go_actions(edit: ChainEdit, question: Callable[[], object], hop: Callable[[int], object]) -> tuple[ActionSpec, ...]:
    """Keys from field to field, out of a text field too.

    Args:
        edit: What is edited.
        question: Goes to the question.
        hop: Goes to the sub-question of a hop.
    """

    def spec(id_: str, text: str, keys: str, run: Callable[[], object], is_there: Callable[[], bool]) -> ActionSpec:
        return ActionSpec(
            id=id_,
            text=text,
            icon="pencil",
            keys=(keys,),
            group="Chains",
            space="chains",
            run=run,
            in_text=True,
            enabled_when=lambda: edit.is_editing and edit.picking is None and is_there(),
        )

    def of_hop(n: int) -> ActionSpec:
        return spec(
            TO_HOP.format(n),
            f"Write at hop {n}",
            f"Alt+{n}",
            lambda: hop(n),
            lambda: len(edit.state.hops) >= n,
        )

    return (
        spec(TO_QUESTION, "Write at the question", "Alt+0", question, lambda: True),
        *(of_hop(n) for n in range(1, MOST_KEYS + 1)),
    )
