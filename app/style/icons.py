"""The studio's own icons: lines on a 20-pixel grid, painted in the colour that is asked for."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

_DISABLED_OPACITY = 0.42


@cache
def icon_names() -> frozenset[str]:
    """All there are."""
    folder = files("resources").joinpath("icons")
    return frozenset(entry.name.removesuffix(".svg") for entry in folder.iterdir() if entry.name.endswith(".svg"))


@cache
def icon_source(name: str) -> str:
    """The SVG of an icon, read once."""
    return files("resources").joinpath(f"icons/{name}.svg").read_text(encoding="utf-8")


def paint_icon(painter: QPainter, name: str, rect: QRectF | QRect, colour: QColor) -> None:
    """Paints an icon into a square, sharp at any scale.

    Args:
        painter: Its device's pixel ratio is taken into account.
        name: File name without its ending.
        rect: Where, in logical pixels; the icon is centred in it.
        colour: Of its lines.
    """
    where = QRectF(rect)
    side = min(where.width(), where.height())
    device = painter.device()
    picture = icon_pixmap(name, colour, side, device.devicePixelRatioF() if device is not None else 1.0)
    corner = where.center() - QPointF(side / 2, side / 2)
    painter.drawPixmap(QRectF(corner.x(), corner.y(), side, side), picture, QRectF(picture.rect()))


def icon_pixmap(name: str, colour: QColor, side_px: float, pixel_ratio: float = 1.0) -> QPixmap:
    """An icon as a pixmap of `side_px` logical pixels; the same one for the same arguments."""
    return _pixmap(name, colour.rgba(), round(side_px * pixel_ratio), pixel_ratio)


def icon(name: str, role: QPalette.ColorRole = QPalette.ColorRole.WindowText) -> QIcon:
    """An icon for menus and item views: in the colour of text now, whatever the theme is then."""
    return QIcon(_Engine(name, role))


@lru_cache(maxsize=1024)
def _pixmap(name: str, rgba: int, device_px: int, pixel_ratio: float) -> QPixmap:
    pixmap = QPixmap(max(1, device_px), max(1, device_px))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    colour = QColor.fromRgba(rgba)
    painter.setOpacity(colour.alphaF())
    _renderer(name, colour.name()).render(painter)
    painter.end()
    pixmap.setDevicePixelRatio(pixel_ratio)
    return pixmap


@lru_cache(maxsize=512)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(icon_source(name).replace("currentColor", colour).encode()))


class _Engine(QIconEngine):
    """Asks for the colour when it paints, so that nothing has to be set again after a change of theme."""

    def __init__(self, name: str, role: QPalette.ColorRole) -> None:
        super().__init__()
        self._name = name
        self._role = role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        colour = QColor(QGuiApplication.palette().color(self._role))
        if mode is QIcon.Mode.Disabled:
            colour.setAlphaF(_DISABLED_OPACITY)
        paint_icon(painter, self._name, rect, colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._role)
