"""The report and the contact sheet of an export."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image as Pillow
from PIL import ImageFont

from hopchain_core.export.admission import Terms
from hopchain_core.export.contact_sheet import COLUMNS, draw_contact_sheet, wrap
from hopchain_core.export.exporter import export
from hopchain_core.export.manifest import ProjectFacts
from hopchain_core.export.report import CONTACT_SHEET, REPORT, Export, read_export, write_report
from tests.core.export.conftest import Filled


@pytest.fixture
def written(filled: Filled, tmp_path: Path) -> Export:
    for n in range(4):
        filled.add_chain(f"A question with number {n}, long enough to need more than one line on its card, is it not?")
    facts = ProjectFacts(
        name="p",
        uuid="u",
        seed=0,
        policy=None,
        images=1,
        instances=6,
        drafts_refused={"not-clear": 4},
        stages=(),
    )
    with filled.file.read() as read:
        export(read, facts, filled.folder, tmp_path / "export", Terms(accept_by_construction=True))
    return read_export(tmp_path / "export")


def test_that_the_report_shows_every_step_of_the_chains_it_picks(written: Export, tmp_path: Path) -> None:
    write_report(written, tmp_path, "Birds")
    text = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert text.startswith("# Birds\n")
    assert "5 questions over 1 pictures" in text
    assert "no person has answered these questions" in text
    assert "not-clear 4" in text
    assert text.count("Answer: **22**") == 5
    assert "| 3 | Which bird is nearest to it? | the bird nearest to it |" in text
    assert f"({CONTACT_SHEET})" in text


def test_that_the_links_of_the_report_lead_to_files(written: Export, tmp_path: Path) -> None:
    write_report(written, tmp_path, "Birds")
    text = (tmp_path / REPORT).read_text(encoding="utf-8")
    assert f'src="export/{written.records[0].images[0].file}"' in text
    assert (tmp_path / "export" / written.records[0].images[0].file).is_file()


def test_that_the_contact_sheet_is_the_same_picture_each_time(written: Export) -> None:
    sheets = [draw_contact_sheet(written.folder, written.records, "Birds") for _ in range(2)]
    assert sheets[0].tobytes() == sheets[1].tobytes()
    assert sheets[0].mode == "RGB"


def test_that_the_contact_sheet_has_room_for_each_picture_in_columns(written: Export, tmp_path: Path) -> None:
    write_report(written, tmp_path, "Birds")
    one = draw_contact_sheet(written.folder, written.records, "Birds").height
    names = [f"images/{n}.png" for n in range(COLUMNS + 1)]
    for name in names:
        Pillow.new("RGB", (64, 48)).save(written.folder / name)
    many = [
        written.records[0].model_copy(update={"images": (written.records[0].images[0].model_copy(update={"file": n}),)})
        for n in names
    ]
    assert draw_contact_sheet(written.folder, many[:COLUMNS], "Birds").height == one
    assert draw_contact_sheet(written.folder, many, "Birds").height > one + 300
    with Pillow.open(tmp_path / CONTACT_SHEET) as opened:
        assert opened.height == one


def test_that_lines_are_broken_at_spaces_and_lose_nothing() -> None:
    font = ImageFont.load_default(16)
    assert isinstance(font, ImageFont.FreeTypeFont)
    text = "Find the bird farthest to the right and donaudampfschifffahrtsgesellschaft"
    lines = wrap(text, font, 150)
    assert " ".join(lines) == text
    assert all(font.getlength(line) <= 150 for line in lines[:-1])
    assert wrap("", font, 150) == ()
