"""A mask that came as a small PNG inside another file."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import PngImagePlugin

from hopchain_core.pictures.opening import check_pixels, quiet_pillow
from hopchain_core.pictures.problems import PictureProblem, refusal
from hopchain_core.pictures.signatures import PictureFormat, format_of


def read_mask_png(data: bytes, *, most_pixels: int) -> NDArray[np.bool_]:
    """Which pixels of a PNG of one channel are not zero.

    Shapes:
        returns: bool, (H, W)

    Raises:
        PictureError: It is no PNG, is broken or too large, or has colours.
    """
    if format_of(data) is not PictureFormat.PNG:
        raise refusal(PictureProblem.NOT_A_PICTURE, "the bytes begin like no PNG")
    try:
        with quiet_pillow(), PngImagePlugin.PngImageFile(BytesIO(data)) as opened:
            check_pixels(*opened.size, most_pixels)
            opened.load()
            if opened.mode not in ("1", "L", "P", "I;16", "I"):
                raise refusal(PictureProblem.UNSUPPORTED, f"a mask has one channel, not {opened.mode}")
            return np.asarray(opened).astype(bool)
    except (OSError, SyntaxError, ValueError, TypeError, OverflowError, Pillow.DecompressionBombError) as error:
        raise refusal(PictureProblem.BROKEN, f"it cannot be decoded ({error})") from error
