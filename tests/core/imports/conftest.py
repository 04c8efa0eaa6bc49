"""A picture's header without a file behind it."""

import pytest

from hopchain_core.pictures.decode import PictureHeader
from hopchain_core.pictures.signatures import PictureFormat


@pytest.fixture
def header():
    """Makes the header of a picture as stored."""

    def make(width=100, height=60, orientation=1):
        return PictureHeader(
            file_format=PictureFormat.JPEG,
            stored_width_px=width,
            stored_height_px=height,
            orientation=orientation,
            is_mislabelled=False,
        )

    return make
