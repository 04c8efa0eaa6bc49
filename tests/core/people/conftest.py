from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.people.asking import Asking, make


@pytest.fixture
def asking(tmp_path: Path) -> Iterator[Asking]:
    """Eight questions that await people; nobody is there yet."""
    found = make(tmp_path / "p.hopchain", 8)
    with found.project:
        yield found
