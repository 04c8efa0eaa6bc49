"""A small picture with an arrow in it, so that every turn of it looks different."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def scene():
    """uint8, (96, 128, 3): a smooth ground with a red bar at the top left and a blue block at the lower right."""
    rows, columns = np.mgrid[0:96, 0:128]
    picture = np.stack([60 + columns, 200 - rows, 90 + (rows + columns) // 3], axis=2)
    picture[8:16, 8:72] = (220, 30, 30)
    picture[60:88, 90:120] = (20, 40, 210)
    return picture.astype(np.uint8)
