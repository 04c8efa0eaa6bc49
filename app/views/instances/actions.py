"""What can be done in the space Instances."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Protocol

from app.actions import ActionSpec
from app.presenters.instance_prompts import PromptMode, PromptsPresenter
from app.presenters.instances import InstancesPresenter
from app.studio import Studio

SPACE = "instances"
GROUP = "Instances"
_DRAW, _LABEL, _SHOW = "Instances: draw", "Instances: categories", "Instances: what is shown"
_PROMPT = "Instances: SAM 3"

SELECT, HAND = "instances.select", "instances.hand"
BOX, POLYGON, BRUSH, ERASE = "instances.box", "instances.polygon", "instances.brush", "instances.erase"
TOOLS = {SELECT: "select", HAND: "hand", BOX: "box", POLYGON: "polygon", BRUSH: "brush", ERASE: "erase"}
"""Actions that take a tool, and the tool."""
MERGE, RELABEL, DELETE = "instances.merge", "instances.relabel", "instances.delete"
HIDE, HIDE_OTHERS, SHOW_ALL = "instances.hide", "instances.hide_others", "instances.show_all"
NEXT, PREVIOUS = "instances.next", "instances.previous"
SELECT_ALL, ESCAPE, FIND, CROPS = (
    "instances.select_all",
    "instances.escape",
    "instances.find",
    "instances.crops",
)
OUTLINES, BOXES, NAMES, SCORES = "instances.outlines", "instances.boxes", "instances.names", "instances.scores"
COLOUR, TONE, MINIMAP, BARE = "instances.colour", "instances.tone", "instances.minimap", "instances.bare"
ZOOM_IN, ZOOM_OUT, FIT, ONE_TO_ONE, ZOOM_SELECTION = (
    "instances.zoom_in",
    "instances.zoom_out",
    "instances.fit",
    "instances.one_to_one",
    "instances.zoom_selection",
)
OPEN_CHAINS = "instances.open_chains"
SMALLER, LARGER = "instances.brush_smaller", "instances.brush_larger"
PROMPT_WORD, PROMPT_BOX, PROMPT_POINTS = "instances.prompt_word", "instances.prompt_box", "instances.prompt_points"
KEEP_ALL, KEEP_ONE = "instances.prompt_keep", "instances.prompt_keep_one"
REJECT, BRING_BACK = "instances.prompt_reject", "instances.prompt_bring_back"
ON_CANDIDATE = (KEEP_ONE, REJECT, "", KEEP_ALL, BRING_BACK)
"""Of the menu of a candidate."""
ON_SELECTION = (RELABEL, MERGE, "", HIDE, HIDE_OTHERS, SHOW_ALL, "", ZOOM_SELECTION, OPEN_CHAINS, "", DELETE)
"""Of the menu of instances, with dividers."""
ON_PICTURE = (BOX, POLYGON, BRUSH, "", SELECT_ALL, SHOW_ALL, "", FIT, ONE_TO_ONE, OUTLINES, NAMES, SCORES, BOXES)
"""Of the menu beside instances."""


class Face(Protocol):
    """What of the views the actions need."""

    def take_tool(self, tool: str) -> None: ...
    def tool_name(self) -> str: ...
    def select_all(self) -> None: ...
    def give_up(self) -> None: ...
    def find_in_list(self) -> None: ...
    def toggle(self, what: str) -> None: ...
    def is_on(self, what: str) -> bool: ...
    def view(self, what: str) -> None: ...
    def set_bare(self, is_bare: bool) -> None: ...
    def resize_brush(self, by: int) -> None: ...
    def has_picture(self) -> bool: ...
    def prompt(self, mode: PromptMode) -> None: ...
    def keep_candidates(self, only_one: bool) -> None: ...
    def keep_or_relabel(self) -> None: ...
    def reject_or_remove(self) -> None: ...


def instances_actions(
    studio: Studio, presenter: InstancesPresenter, prompts: PromptsPresenter, face: Face
) -> tuple[ActionSpec, ...]:
    """The actions of the space.

    Args:
        studio: Says whether anything may be changed.
        presenter: Does what concerns the project.
        prompts: Knows what a model proposes.
        face: Does what concerns the views.
    """

    def action(
        id_: str, text: str, icon: str, run: Callable[[], object], *keys: str, group: str = GROUP, **more: Any
    ) -> ActionSpec:
        given: dict[str, Any] = {"enabled_when": face.has_picture, "why_not": lambda: "no picture is shown", **more}
        return ActionSpec(id=id_, text=text, icon=icon, run=run, keys=keys, group=group, space=SPACE, **given)

    def tool(id_: str, text: str, icon: str, key: str) -> ActionSpec:
        changes = id_ not in (SELECT, HAND)
        able: dict[str, Any] = {"enabled_when": may_write, "why_not": why_not_write} if changes else {}
        return action(
            id_,
            text,
            icon,
            partial(face.take_tool, TOOLS[id_]),
            key,
            group=_DRAW,
            checked_when=lambda: face.tool_name() == TOOLS[id_],
            **able,
        )

    def switch(id_: str, text: str, icon: str, *keys: str) -> ActionSpec:
        what = id_.rpartition(".")[2]
        return action(
            id_, text, icon, partial(face.toggle, what), *keys, group=_SHOW, checked_when=lambda: face.is_on(what)
        )

    def zoom(id_: str, text: str, icon: str, *keys: str, **more: Any) -> ActionSpec:
        return action(id_, text, icon, partial(face.view, id_.rpartition(".")[2]), *keys, group=_SHOW, **more)

    def may_write() -> bool:
        return face.has_picture() and not studio.is_read_only

    def why_not_write() -> str:
        return "the project is open for reading only" if studio.is_read_only else "no picture is shown"

    def has_selection(least: int = 1) -> bool:
        return len(presenter.selected) >= least

    def changes(least: int = 1) -> dict[str, Any]:
        def why() -> str:
            if studio.is_read_only:
                return "the project is open for reading only"
            return "nothing selected" if least == 1 else "select two or more"

        return {"enabled_when": lambda: may_write() and has_selection(least), "why_not": why}

    def hide() -> None:
        rows = presenter.selected_rows
        presenter.set_hidden(presenter.selected, not all(row.is_hidden for row in rows))

    def has_hidden() -> bool:
        picture = presenter.picture
        return may_write() and picture is not None and any(row.is_hidden for row in picture.rows)

    def open_chains() -> None:
        picture, chains = presenter.picture, presenter.used.chains
        if chains:
            studio.go("chains", chain=chains[0])
        elif picture is not None:
            studio.go("chains", image=picture.image.key)

    def is_brush() -> bool:
        return face.tool_name() in ("brush", "erase")

    def prompt(id_: str, text: str, icon: str, key: str, mode: PromptMode) -> ActionSpec:
        return action(
            id_,
            text,
            icon,
            partial(face.prompt, mode),
            key,
            group=_PROMPT,
            checked_when=lambda: prompts.is_open and prompts.mode is mode,
            enabled_when=may_write,
            why_not=why_not_write,
        )

    def proposals(id_: str, text: str, icon: str, run: Callable[[], object], *keys: str, **more: Any) -> ActionSpec:
        return action(id_, text, icon, run, *keys, group=_PROMPT, why_not=lambda: "nothing was found yet", **more)

    def is_looking() -> bool:
        return prompts.candidates.current is not None

    def has_new() -> bool:
        return bool(prompts.candidates.new)

    names: dict[str, Any] = changes()
    names["enabled_when"] = lambda: may_write() and (has_selection() or presenter.drawn is not None or has_new())
    removes: dict[str, Any] = changes()
    removes["enabled_when"] = lambda: may_write() and (has_selection() or is_looking())
    some_hidden: dict[str, Any] = {"enabled_when": has_hidden, "why_not": lambda: "nothing is hidden"}
    brushes: dict[str, Any] = {"enabled_when": is_brush, "why_not": lambda: "take the brush first"}
    selected: dict[str, Any] = {"enabled_when": has_selection, "why_not": lambda: "nothing selected"}
    return (
        tool(SELECT, "Select", "pointer", "V"),
        tool(HAND, "Move the picture", "hand", "H"),
        tool(BOX, "Draw a box", "box", "R"),
        tool(POLYGON, "Draw a polygon", "polygon", "P"),
        tool(BRUSH, "Brush", "brush", "B"),
        tool(ERASE, "Erase", "eraser", "D"),
        action(SMALLER, "Smaller brush", "minus", lambda: face.resize_brush(-1), "[", group=_DRAW, **brushes),
        action(LARGER, "Larger brush", "plus", lambda: face.resize_brush(1), "]", group=_DRAW, **brushes),
        action(MERGE, "Merge", "merge", presenter.merge, "M", **changes(2)),
        prompt(PROMPT_WORD, "Find by a word", "text", "T", PromptMode.WORD),
        prompt(PROMPT_BOX, "Find by boxes", "box", "Shift+R", PromptMode.BOX),
        prompt(PROMPT_POINTS, "Find by points", "points", "I", PromptMode.POINTS),
        proposals(
            KEEP_ALL,
            "Keep all candidates",
            "check",
            partial(face.keep_candidates, False),
            "Ctrl+Return",
            "Ctrl+Enter",
            enabled_when=has_new,
        ),
        proposals(
            KEEP_ONE, "Keep this candidate", "check", partial(face.keep_candidates, True), "A", enabled_when=is_looking
        ),
        proposals(REJECT, "Reject this candidate", "cross", prompts.reject, "X", enabled_when=is_looking),
        proposals(
            BRING_BACK,
            "Bring back rejected candidates",
            "undo",
            prompts.bring_back,
            "Shift+X",
            enabled_when=lambda: bool(prompts.candidates.rejected),
        ),
        action(RELABEL, "Relabel…", "pencil", face.keep_or_relabel, "Return", "Enter", "F2", **names),
        action(HIDE, "Hide or show", "eye-off", hide, "Shift+H", **changes()),
        action(HIDE_OTHERS, "Hide all others", "layers", presenter.hide_others, "Shift+I", **changes()),
        action(SHOW_ALL, "Show all", "eye", presenter.show_all, "Shift+A", **some_hidden),
        action(DELETE, "Delete", "trash", face.reject_or_remove, "Del", "Backspace", **removes),
        action(
            NEXT,
            "Next picture",
            "chevron-right",
            lambda: presenter.step(1),
            "J",
            enabled_when=lambda: presenter.can_step(1),
            why_not=lambda: "this is the last picture",
        ),
        action(
            PREVIOUS,
            "Previous picture",
            "chevron-left",
            lambda: presenter.step(-1),
            "K",
            enabled_when=lambda: presenter.can_step(-1),
            why_not=lambda: "this is the first picture",
        ),
        action(
            OPEN_CHAINS,
            "Open in Chains",
            "open-in",
            open_chains,
            "Shift+C",
            # A space that is not on the rail cannot be gone to.
            enabled_when=lambda: face.has_picture() and studio.actions.has("go.chains"),
        ),
        action(SELECT_ALL, "Select all", "check", face.select_all, "Ctrl+A"),
        action(ESCAPE, "Give up, then select nothing", "cross", face.give_up, "Escape"),
        action(FIND, "Filter the list", "filter", face.find_in_list, "/", "Ctrl+F"),
        switch(CROPS, "Crops", "crop", "G"),
        switch(OUTLINES, "Outlines", "outline", "O"),
        switch(NAMES, "Names", "tag", "N"),
        switch(SCORES, "Scores", "score", "S"),
        switch(BOXES, "Boxes", "box", "Shift+B"),
        switch(COLOUR, "Colour by category", "palette", "C"),
        switch(TONE, "Brightness and contrast", "sun", "L"),
        switch(MINIMAP, "Overview", "overview", "Shift+M"),
        action(
            BARE,
            "Bare picture",
            "bare",
            lambda: face.set_bare(True),
            "Space",
            group=_SHOW,
            released=lambda: face.set_bare(False),
            in_palette=False,
        ),
        zoom(ZOOM_IN, "Zoom in", "plus", "+", "=", "Ctrl++", "Ctrl+="),
        zoom(ZOOM_OUT, "Zoom out", "minus", "-", "Ctrl+-"),
        zoom(FIT, "Fit", "fit", "0"),
        zoom(ONE_TO_ONE, "One to one", "actual-size", "Alt+0"),
        zoom(ZOOM_SELECTION, "Zoom to selection", "zoom-in", "Z", **selected),
    )


def label_actions(studio: Studio, presenter: InstancesPresenter, numbered: Sequence[str]) -> tuple[ActionSpec, ...]:
    """One for each digit: gives what is selected that category."""

    def may() -> bool:
        return bool(presenter.selected) and not studio.is_read_only

    return tuple(
        ActionSpec(
            id=f"instances.label_{digit}",
            text=f"Relabel as {name}",
            icon="tag",
            run=partial(presenter.relabel, name),
            keys=(str(digit),),
            group=_LABEL,
            space=SPACE,
            enabled_when=may,
            why_not=lambda: "nothing selected",
        )
        for digit, name in enumerate(numbered, start=1)
    )
