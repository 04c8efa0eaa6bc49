from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.packets.asked import Asking, asked


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Asking]:
    """Six questions, four people, one open round."""
    with asked(tmp_path / "project") as made:
        made.open_round()
        yield made
