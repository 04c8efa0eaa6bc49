"""Renders every space of the studio, in light and dark, from rendered scenes: ``make screenshots``.

The pictures under ``docs/screenshots`` are made by this script alone. Nothing is shown on a screen, no photograph is
used, and the same version gives the same pictures but for times of day and durations.
"""

from __future__ import annotations

import os

# Before Qt is imported: neither a screen nor the size of one plays a part.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["QT_SCALE_FACTOR"] = "1"

import asyncio
import io
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
import qasync
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QPoint
from PySide6.QtGui import QColor, QCursor, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from app.composition import Composed, compose
from app.settings import Settings
from app.studio import START
from app.style.theme import ThemeMode
from app.thumbnails import Thumbnails
from hopchain_core.domain.review import Outcome
from hopchain_core.domain.rounds import RoundTerms
from hopchain_core.project import ChainQuery, ChainSort, ImageQuery, ImageSort, Project, Reader, RunOptions
from hopchain_core.scenes import write_scenes

WIDTH_PX, HEIGHT_PX = 1600, 1000
MOST_BYTES = 400_000
SCENES = 24
SEED = 0
PEOPLE = ("Ada", "Bo", "Cy", "Di")
STILL_OPEN = 6
"""Questions that each of them has not answered yet."""
_QUIET_S = 0.6
_KEPT_COLOURS = 48
_PATIENCE_S = 30.0
_SCRIM = {"light": 0.24, "dark": 0.5}


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture to be made.

    Attributes:
        name: Of the file, without theme and ending.
        show: Brings the window into the state to be shown.
        leave: Takes back what `show` put over the window.
    """

    name: str
    show: Callable[[], object]
    leave: Callable[[], object] = lambda: None


def main_image(read: Reader) -> dict[str, Any]:
    """Where Instances looks best: the picture with the most instances."""
    query = ImageQuery(sort=ImageSort.INSTANCES, descending=True)
    rows = read.image_rows(read.image_ids(query)[:1])
    return {"image": rows[0].key} if rows else {}


def main_chain(read: Reader) -> dict[str, Any]:
    """Where Chains looks best: early in the longest chain, which is when there are instances to point at."""
    rows = read.chain_rows(read.chain_ids(ChainQuery(sort=ChainSort.HOPS, descending=True))[:1])
    return {"chain": rows[0].key, "hop": min(2, rows[0].hop_count - 1)} if rows else {}


def main_measured(read: Reader) -> dict[str, Any]:
    """Where Difficulty looks best: a chain that is solved now and then, in the middle of its list."""
    ids = read.difficulty_ids()
    return {"chain": ids[len(ids) // 3]} if ids else {}


def main_person(read: Reader) -> dict[str, Any]:
    """Where Solve looks best: a question that somebody has before them."""
    return {"person": PEOPLE[0]}


WHERE: dict[str, Callable[[Reader], dict[str, Any]]] = {
    "instances": main_image,
    "chains": main_chain,
    "difficulty": main_measured,
    "solve": main_person,
}
"""What `Studio.go` is told beside the space; a space that is not named here is shown as it opens."""


def make_project(folder: Path) -> Path:
    """Renders scenes and runs every stage over them.

    Returns:
        The project file.
    """
    path = folder / "Sample.hopchain"
    write_scenes(folder / "scenes", SCENES, SEED)
    with Project.create(path) as project:
        project.ingest([folder / "scenes"], scenes=folder / "scenes")
        project.run(None, RunOptions(concurrency=2))
        ask_people(project)
    return path


def ask_people(project: Project) -> None:
    """Lets four people answer most questions; now and then one of them is off by one."""
    for name in PEOPLE:
        project.add_annotator(name)
    with project.read() as read:
        answers = {stored.chain.question: stored.chain.answer.value for stored in read.chains()}
        hard = set(list(answers)[::9])
    project.open_round(RoundTerms())
    for place, name in enumerate(PEOPLE):
        source = project.blind(name)
        while (item := source.next()) is not None and source.progress().left > STILL_OPEN:
            is_off = item.question in hard and place == len(PEOPLE) - 1
            said = answers[item.question] + (1 if is_off else 0)
            source.answer(item.id, Outcome.ANSWERED, str(said), active_seconds=20 + 3 * place + len(item.question) / 10)
        source.close()


def shots(composed: Composed, project: Path) -> Iterator[Shot]:
    """Every picture there is to make, in order; the project is opened on the way."""
    studio, over = composed.studio, composed.over
    yield Shot("start", lambda: studio.go(START))
    studio.take_project(Project.open(project))
    for space in composed.window.space_ids():
        with studio.need_project().read() as read:
            where = WHERE[space](read) if space in WHERE else {}

        def show(space: str = space, where: Mapping[str, Any] = where) -> None:
            studio.go(space, **where)
            if space == "export":
                take_simulated(composed)

        yield Shot(space, show)
    studio.go(composed.window.space_ids()[0])

    def search() -> None:
        over.open_palette()
        over.palette.field.setText("book")

    yield Shot("palette", search, over.palette.close_overlay)
    yield Shot("keys", over.show_keys, over.sheet.close_overlay)
    yield Shot("shortcuts", over.edit_keys, close_dialog)
    yield Shot("settings", over.show_settings, close_dialog)


def take_simulated(composed: Composed) -> None:
    """Ticks what a project needs whose weaker model was only simulated, else Export has nothing to show."""
    for box in composed.window.stack.currentWidget().findChildren(QAbstractButton):
        if box.text() == "Simulated difficulty" and not box.isChecked():
            box.click()


def close_dialog() -> None:
    """Closes the dialog that is open."""
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.close()


async def settle(composed: Composed) -> None:
    """Waits until nothing has been on its way for a while."""
    quiet_since = time.monotonic()
    begun = quiet_since
    thumbnails = composed.studio.findChildren(Thumbnails)
    while time.monotonic() - quiet_since < _QUIET_S:
        await asyncio.sleep(0.02)
        if not composed.studio.bridge.is_idle or not all(made.is_idle for made in thumbnails):
            quiet_since = time.monotonic()
        if time.monotonic() - begun > _PATIENCE_S:
            raise click.ClickException("The window does not come to rest.")


def grabbed(composed: Composed) -> QPixmap:
    """The window, with the dialog over it where one is open."""
    focused = QApplication.focusWidget()
    if isinstance(focused, QAbstractButton) and composed.window.isAncestorOf(focused):
        # A ring would say that somebody has just pressed Tab.
        focused.clearFocus()
    picture = composed.window.grab()
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, QDialog):
        scrim = QColor(0, 0, 0)
        scrim.setAlphaF(_SCRIM[composed.studio.theme.scheme])
        inner = dialog.grab()
        corner = QPoint((picture.width() - inner.width()) // 2, (picture.height() - inner.height()) // 2)
        painter = QPainter(picture)
        painter.fillRect(picture.rect(), scrim)
        painter.drawPixmap(corner, inner)
        painter.setPen(composed.studio.theme.tokens.line_strong)
        painter.drawRect(corner.x(), corner.y(), inner.width() - 1, inner.height() - 1)
        painter.end()
    return picture


def write(picture: QPixmap, path: Path) -> int:
    """Writes a picture as small as it gets without being seen: all colours, or 256 where that is too much.

    Returns:
        Bytes written.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    image = Image.open(io.BytesIO(bytes(buffer.data().data()))).convert("RGB")
    packed = _packed(image)
    if len(packed) > MOST_BYTES:
        packed = _packed(_with_256_colours(image))
    if len(packed) > MOST_BYTES:
        raise click.ClickException(f"{path.name} takes {len(packed):,} bytes, more than {MOST_BYTES:,}.")
    path.write_bytes(packed)
    return len(packed)


def _with_256_colours(image: Image.Image) -> Image.Image:
    """Keeps the commonest colours, which are those of the window, as they are, and dithers the pictures in it."""
    pixels = np.asarray(image).reshape(-1, 3)
    colours, counts = np.unique(pixels, axis=0, return_counts=True)
    kept = colours[np.argsort(-counts, kind="stable")[:_KEPT_COLOURS]]
    others = image.quantize(256 - _KEPT_COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=2).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([*map(int, kept.ravel()), *others[: 3 * (256 - _KEPT_COLOURS)]])
    return image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)


def _packed(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


async def render(app: QApplication, mode: ThemeMode, project: Path, out: Path, only: tuple[str, ...]) -> None:
    """Makes all pictures of one theme."""
    settings = Settings(None)
    for name, value in (("theme", mode.value), ("person", PEOPLE[0]), ("tour_offered", True), ("reduced_motion", True)):
        settings.set(name, value)
    composed = compose(app, settings)
    composed.window.resize(WIDTH_PX, HEIGHT_PX)
    # Where nothing is hovered.
    QCursor.setPos(WIDTH_PX // 2, HEIGHT_PX - 8)
    composed.window.move(0, 0)
    composed.window.show()
    try:
        for shot in shots(composed, project):
            if only and shot.name not in only:
                continue
            shot.show()
            await settle(composed)
            size = write(grabbed(composed), out / f"{shot.name}-{mode}.png")
            click.echo(f"{shot.name}-{mode}.png  {size / 1000:.0f} kB")
            shot.leave()
            await settle(composed)
    finally:
        composed.window.close()
        composed.studio.close()
        composed.window.deleteLater()
        await asyncio.sleep(0.1)


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("docs/screenshots"), show_default=True)
@click.option(
    "--project", type=click.Path(path_type=Path, exists=True), help="Instead of rendered scenes; it is locked."
)
@click.option("--only", multiple=True, help="Only the picture of this name; may be given several times.")
@click.option("--theme", type=click.Choice(["light", "dark"]), help="Only this one.")
def main(out: Path, project: Path | None, only: tuple[str, ...], theme: str | None) -> None:
    """Render every space of the studio into OUT."""
    out.mkdir(parents=True, exist_ok=True)
    app = QApplication([sys.argv[0]])
    app.setQuitOnLastWindowClosed(False)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with tempfile.TemporaryDirectory() as folder, loop:
        if project is None:
            click.echo(f"Rendering {SCENES} scenes and running every stage over them…")
            project = make_project(Path(folder))
        for mode in (ThemeMode.LIGHT, ThemeMode.DARK):
            if theme in (None, mode.value):
                loop.run_until_complete(render(app, mode, project, out, only))


if __name__ == "__main__":
    main()
