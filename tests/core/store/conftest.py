from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hopchain_core.store.project_file import ProjectFile


@pytest.fixture
def project(tmp_path: Path) -> Iterator[ProjectFile]:
    with ProjectFile.create(tmp_path / "p.hopchain", seed=7) as opened:
        yield opened
