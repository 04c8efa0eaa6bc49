"""What all reads stand on: one open snapshot."""

from __future__ import annotations

from sqlalchemy.engine import Connection


class Reads:
    """Reads inside one transaction, which shows the project as it was when it began."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
