"""The middle of the space: question, picture and graph of the open chain, or of what is being made of it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.actions import ActionTable
from app.canvas import PictureCanvas
from app.presenters.chain_detail import ChainDetail
from app.presenters.chain_graph import graph_of
from app.views.chains.edit import DraftNotice
from app.views.chains.graph import GraphStrip
from app.views.chains.picture import ChainPicture
from app.views.chains.question import QuestionHeader
from app.views.chains.tool_row import HopToolRow
from app.widgets.panel import Line


class ChainWork(QWidget):
    """Shows one chain at one of its hops.

    Args:
        actions: The table.
        canvas: The picture.
        picture: Drives it.
        notice: Says that a draft is kept.

    Attributes:
        header: Question and answer.
        tools: The hop in chips, and how the picture is looked at.
        graph: The whole chain.
    """

    def __init__(
        self,
        actions: ActionTable,
        canvas: PictureCanvas,
        picture: ChainPicture,
        notice: DraftNotice,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._picture = picture
        self.header = QuestionHeader()
        self.tools = HopToolRow(actions, canvas.colour)
        self.graph = GraphStrip()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (notice, self.header, Line(), self.tools, Line()):
            column.addWidget(widget)
        column.addWidget(canvas, 1)
        column.addWidget(Line())
        column.addWidget(self.graph)

    def show_words(self, detail: ChainDetail, hop: int | None) -> None:
        """Shows what is said in another chain, or in the same one after a change: all but the picture."""
        self.header.show_chain(detail)
        self.graph.show_graph(graph_of(detail), hop)

    def show_picture(self, detail: ChainDetail | None, hop: int | None) -> None:
        """Shows the picture of another chain, or what it says of the same one."""
        self._picture.show_chain(detail, hop)
        self.tools.show_hop(detail, hop)

    def show_draft(self, detail: ChainDetail, hop: int | None) -> None:
        """Shows the chain as it is being written; the header gives way to the fields meanwhile."""
        self._picture.show_draft(detail, hop)
        self.tools.show_hop(detail, hop)
        self.graph.show_graph(graph_of(detail), hop)

    def show_hop(self, detail: ChainDetail | None, hop: int | None) -> None:
        """Shows another hop of the same chain."""
        self._picture.show_hop(hop)
        self.tools.show_hop(detail, hop)
        self.graph.show_hop(hop)
