"""The canvas in words, for whoever has them read aloud."""

from __future__ import annotations

from app.canvas.content import Content
from app.canvas.names import names_of


def described(name: str | None, content: Content, notice: str = "") -> str:
    """What is shown.

    Args:
        name: Of the picture; None for none.
        content: What of it.
        notice: What is written in its place, if anything.
    """
    if name is None:
        return "No picture"
    count = len(content.visible())
    parts = [name, f"{content.width_px} by {content.height_px} pixels"]
    parts.append("1 instance" if count == 1 else f"{count} instances")
    for word, keys in (("selected", content.selected), ("lit", tuple(sorted(content.lit)))):
        names = names_of(keys, content)
        if names:
            more = f" and {len(keys) - len(names)} more" if len(keys) > len(names) else ""
            parts.append(f"{word}: {', '.join(names)}{more}")
    return "; ".join([*parts, notice] if notice else parts)
