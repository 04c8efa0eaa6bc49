"""Charts painted by hand: axes have names, counts stand beside bars, and every value is reached by mouse and keyboard."""

from app.widgets.plots.bar_rows import BarRow, BarRows
from app.widgets.plots.funnel import Funnel, FunnelRow
from app.widgets.plots.histogram import Band, Bar, Histogram
from app.widgets.plots.intervals import Intervals, Point

__all__ = ["Band", "Bar", "BarRow", "BarRows", "Funnel", "FunnelRow", "Histogram", "Intervals", "Point"]
