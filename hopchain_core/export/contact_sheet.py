"""A picture of an export: one card per photograph with a question and its answer, to look over at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from hopchain_core.export.record import Record

COLUMNS = 3
MARGIN = 48
GUTTER = 28
CARD_WIDTH = 520
PADDING = 24
PICTURE_HEIGHT = 390
LINE = 1.45
"""Height of a line of text in sizes of the type."""

WINDOW = "#F3F4F6"
SURFACE = "#FFFFFF"
SUNKEN = "#ECEEF1"
LINE_COLOUR = "#DEE0E5"
TEXT = "#1A1D24"
SECONDARY = "#525967"
ACCENT = "#3D4FC4"
ACCENT_SOFT = "#E9ECFB"


@dataclass(frozen=True, slots=True)
class _Card:
    record: Record
    lines: tuple[str, ...]
    others: int

    @property
    def height(self) -> int:
        return PICTURE_HEIGHT + PADDING + round(len(self.lines) * 19 * LINE) + 18 + 40 + PADDING


def draw_contact_sheet(folder: Path, records: Sequence[Record], title: str, limit: int = 60) -> Pillow.Image:
    """One card per picture, in the order of the records.

    Args:
        folder: The export, which the records' pictures are relative to.
        records: Those of the export.
        title: Stands above the cards.
        limit: How many pictures to show at most.

    Returns:
        The sheet, RGB.

    Raises:
        OSError: A picture of the export cannot be read.
    """
    by_picture: dict[str, list[Record]] = {}
    for record in records:
        by_picture.setdefault(record.images[0].file, []).append(record)
    cards = [_card(group, n) for n, group in enumerate(list(by_picture.values())[:limit])]
    rows = [cards[i : i + COLUMNS] for i in range(0, len(cards), COLUMNS)]
    heights = [max(c.height for c in row) for row in rows]
    width = 2 * MARGIN + COLUMNS * CARD_WIDTH + (COLUMNS - 1) * GUTTER
    top = MARGIN + 92
    height = top + sum(heights) + GUTTER * max(0, len(rows) - 1) + MARGIN
    sheet = Pillow.new("RGB", (width, height), WINDOW)
    draw = ImageDraw.Draw(sheet)
    draw.text((MARGIN, MARGIN - 6), title, font=_font("SemiBold", 34), fill=TEXT)
    shown = f"one question for each of {len(cards)} pictures" + (
        f" of {len(by_picture)}" if len(by_picture) > len(cards) else ""
    )
    draw.text((MARGIN, MARGIN + 42), f"{len(records)} questions; {shown}", font=_font("Regular", 20), fill=SECONDARY)
    y = top
    for row, row_height in zip(rows, heights, strict=True):
        for column, card in enumerate(row):
            _draw_card(sheet, folder, card, MARGIN + column * (CARD_WIDTH + GUTTER), y, row_height)
        y += row_height + GUTTER
    return sheet


def _card(group: Sequence[Record], position: int) -> _Card:
    # Another question of the group from picture to picture, so that the sheet shows their variety.
    record = group[position % len(group)]
    lines = wrap(record.question, _font("Regular", 19), CARD_WIDTH - 2 * PADDING)
    return _Card(record, lines, len(group) - 1)


def _draw_card(sheet: Pillow.Image, folder: Path, card: _Card, x: int, y: int, height: int) -> None:
    draw = ImageDraw.Draw(sheet)
    draw.rounded_rectangle((x, y, x + CARD_WIDTH, y + height), 12, fill=SURFACE, outline=LINE_COLOUR)
    picture = _fitted(folder / card.record.images[0].file, CARD_WIDTH - 2, PICTURE_HEIGHT)
    mask = Pillow.new("L", picture.size, 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, picture.width - 1, picture.height + 20), 11, fill=255)
    sheet.paste(picture, (x + 1, y + 1), mask)
    text_x, text_y = x + PADDING, y + PICTURE_HEIGHT + PADDING
    font = _font("Regular", 19)
    for n, line in enumerate(card.lines):
        draw.text((text_x, text_y + round(n * 19 * LINE)), line, font=font, fill=TEXT)
    foot = y + height - PADDING - 36
    answer = card.record.answer
    bold = _font("SemiBold", 22)
    chip = round(bold.getlength(answer)) + 32
    draw.rounded_rectangle((text_x, foot, text_x + chip, foot + 36), 18, fill=ACCENT_SOFT)
    draw.text((text_x + 16, foot + 18), answer, font=bold, fill=ACCENT, anchor="lm")
    note = f"{len(card.record.hops)} steps"
    if card.others:
        note += f"  ·  {card.others} more question{'s' if card.others > 1 else ''}"
    draw.text((x + CARD_WIDTH - PADDING, foot + 18), note, font=_font("Regular", 16), fill=SECONDARY, anchor="rm")


def _fitted(path: Path, width: int, height: int) -> Pillow.Image:
    """The whole picture inside the frame, on a quiet ground."""
    with Pillow.open(path) as opened:
        picture = opened.convert("RGB")
    picture.thumbnail((width, height), Pillow.Resampling.LANCZOS)
    frame = Pillow.new("RGB", (width, height), SUNKEN)
    frame.paste(picture, ((width - picture.width) // 2, (height - picture.height) // 2))
    return frame


def wrap(text: str, font: ImageFont.FreeTypeFont, width_px: int) -> tuple[str, ...]:
    """Breaks a text at spaces so that no line is wider than asked; a longer word stands alone."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        candidate = f"{line} {word}" if line else word
        if line and font.getlength(candidate) > width_px:
            lines.append(line)
            line = word
        else:
            line = candidate
    return (*lines, line) if line else tuple(lines)


@cache
def _font(weight: str, size_px: int) -> ImageFont.FreeTypeFont:
    data = files("resources").joinpath(f"fonts/Inter-{weight}.otf").read_bytes()
    return ImageFont.truetype(BytesIO(data), size_px, layout_engine=ImageFont.Layout.BASIC)
