"""The studio on a screen: spaces, palette, keys, and decisions in the project's file."""

from __future__ import annotations

import time

from app.style.tokens import size, tokens
from hopchain_core.domain.review import MarkKind
from tests.app.screen import ON_A_SCREEN, WIDTH_PX, Desk, desk, display, wait_for

__all__ = ["desk", "display"]
pytestmark = ON_A_SCREEN


def _spaces() -> list[str]:
    from app.composition import spaces
    from app.thumbnails import Thumbnails

    return [spec.id for spec in spaces(Thumbnails(None))]


def test_that_a_person_can_work_with_keys_and_mouse_on_a_screen(desk: Desk) -> None:
    spaces = _spaces()
    ground = tokens("light").window.getRgb()[:3]

    # Every space by its key, and by the mouse on the rail.
    for index in range(len(spaces)):
        desk.key(f"ctrl+{index + 1}")
        wait_for(f"{spaces[index]} by its key", lambda index=index: desk.is_at(index))  # type: ignore[misc]
    item = size("rail_item") + 4
    for index in reversed(range(len(spaces))):
        desk.click(size("rail") // 2, size("top_bar") + 6 + index * item + item // 2)
        wait_for(f"{spaces[index]} by the mouse", lambda index=index: desk.is_at(index))  # type: ignore[misc]

    # The palette runs a command, and what is typed there reaches nothing beneath.
    desk.key("ctrl+k")
    desk.type("dark theme")
    desk.key("Return")
    wait_for("the dark theme in the settings", lambda: desk.settings().get("theme") == "dark")
    wait_for("the dark theme on the screen", lambda: desk.screen().getpixel((400, 4)) != ground)
    desk.key("ctrl+k")
    desk.type("light theme")
    desk.key("Return")
    wait_for("the light theme on the screen", lambda: desk.screen().getpixel((400, 4)) == ground)
    assert desk.settings()["palette_recent"] == ["view.light", "view.dark"]

    # The sheet of keys opens by the sign as a keyboard types it, and closes by Esc.
    corner = (WIDTH_PX - 4, 4)
    desk.key("question")
    wait_for("the sheet of keys", lambda: desk.screen().getpixel(corner) != ground)
    desk.key("Escape")
    wait_for("the bare window", lambda: desk.screen().getpixel(corner) == ground)

    # The library's search: letters that are keys elsewhere are only letters here.
    desk.key("ctrl+1")
    wait_for("the library", lambda: desk.is_at(0))
    right_half = (900, 300, 1560, 940)
    assert len(desk.screen().crop(right_half).getcolors(1 << 20) or []) > 100
    desk.key("slash")
    desk.type("scene-000003")
    wait_for("one picture alone", lambda: len(desk.screen().crop(right_half).getcolors(1 << 20) or []) < 20)
    assert desk.marks() == {}
    desk.key("Escape")
    wait_for("all pictures", lambda: len(desk.screen().crop(right_half).getcolors(1 << 20) or []) > 100)

    # A decision is in the file at once, and taken back by Ctrl+Z.
    if "chains" in spaces:
        desk.key("Escape", f"ctrl+{spaces.index('chains') + 1}")
        wait_for("the chains", lambda: desk.is_at(spaces.index("chains")))

        pressed_at = 0.0

        def is_accepted() -> bool:
            nonlocal pressed_at
            if list(desk.marks().values()) == [MarkKind.ACCEPT]:
                return True
            # Not again before the first could have been seen: the next chain would be accepted as well.
            if time.monotonic() - pressed_at > 5:
                desk.key("a")
                pressed_at = time.monotonic()
            return False

        wait_for("an accepted chain in the project file", is_accepted)
        desk.key("ctrl+z")
        wait_for("no mark in the project file", lambda: desk.marks() == {})
        desk.key("ctrl+shift+z")
        wait_for("the mark again", lambda: list(desk.marks().values()) == [MarkKind.ACCEPT])

    # It ends well, and Qt had nothing to complain about.
    desk.key("ctrl+q")
    wait_for("the end", lambda: desk.process.poll() is not None)
    assert desk.process.returncode == 0
    assert desk.said.read_text(encoding="utf-8") == ""
    assert "geometry" in str(desk.settings()["window"])
