"""Any kind of pixels to plain grey, RGB or RGBA in sRGB."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image as Pillow
from PIL import ImageCms, TiffImagePlugin

from hopchain_core.pictures.problems import PictureProblem, refusal

_LARGEST_PROFILE_BYTES = 8 * 2**20
_SPACE_OF_MODE = {"L": "GRAY", "RGB": "RGB", "CMYK": "CMYK", "LAB": "LAB"}
_BITS_PER_SAMPLE, _PHOTOMETRIC = 258, 262  # TIFF 6.0, section 8
_WHITE_IS_ZERO = 0


def plain_pixels(picture: Pillow.Image) -> Pillow.Image:
    """The picture in a mode that can be resized: L, LA, RGB, RGBA, CMYK or LAB.

    Raises:
        PictureError: `unsupported`: pixels are numbers without a known range.
    """
    match picture.mode:
        case "L" | "RGB" | "RGBA" | "LA" | "CMYK" | "LAB":
            has_transparent_colour = picture.mode in ("L", "RGB") and "transparency" in picture.info
            return picture.convert("RGBA") if has_transparent_colour else picture
        case "P" | "PA":
            has_alpha = picture.mode == "PA" or "transparency" in picture.info
            return picture.convert("RGBA" if has_alpha else "RGB")
        case "1":
            return picture.convert("L")
        case "La":
            return picture.convert("LA")
        case "RGBa":
            return picture.convert("RGBA")
        case "RGBX" | "YCbCr" | "HSV":
            return picture.convert("RGB")
        case "I;16" | "I;16L" | "I;16B" | "I;16N":
            return _from_16_bits(picture)
        case "I" if picture.format == "PNG":
            return _from_16_bits(picture)
        case mode:
            raise refusal(PictureProblem.UNSUPPORTED, f"pixels of mode {mode} are numbers without a known range")


def _from_16_bits(picture: Pillow.Image) -> Pillow.Image:
    """Scales grey of 12 or 16 bits to 8."""
    bits, is_inverted = 16, False
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        bits = int(picture.tag_v2.get(_BITS_PER_SAMPLE, (16,))[0])
        is_inverted = picture.tag_v2.get(_PHOTOMETRIC) == _WHITE_IS_ZERO
    # 16 bits lose their lower half, which differs from dividing by 257 by less than one step of 8 bits.
    values = np.asarray(picture) >> max(bits - 8, 0)
    grey = np.clip(values, 0, 255).astype(np.uint8)
    return Pillow.fromarray(255 - grey if is_inverted else grey)


def to_rgb(picture: Pillow.Image, profile: bytes | None) -> Pillow.Image:
    """Mode RGB in sRGB, over white where it is transparent.

    A colour profile that is broken or meant for other pixels is passed over; the numbers then count as sRGB.

    Args:
        picture: As `plain_pixels` gives it.
        profile: The ICC profile that came with the file.
    """
    alpha = picture.getchannel("A") if picture.mode in ("LA", "RGBA") else None
    if alpha is not None:
        picture = picture.convert(picture.mode[:-1])
    converted = _by_profile(picture, profile) if profile else None
    if converted is None:
        converted = _lab_to_rgb(picture) if picture.mode == "LAB" else _in_rgb(picture)
    if alpha is not None:
        white = Pillow.new("RGB", converted.size, (255, 255, 255))
        converted = Pillow.composite(converted, white, alpha)
    return converted


def _in_rgb(picture: Pillow.Image) -> Pillow.Image:
    # Pillow copies what is RGB already.
    return picture if picture.mode == "RGB" else picture.convert("RGB")


def _by_profile(picture: Pillow.Image, data: bytes) -> Pillow.Image | None:
    if len(data) > _LARGEST_PROFILE_BYTES:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(data))
        if profile.profile.xcolor_space.strip().upper() != _SPACE_OF_MODE[picture.mode]:
            return None
        if picture.mode == "RGB" and "srgb" in ImageCms.getProfileDescription(profile).lower():
            return None
        return ImageCms.profileToProfile(picture, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _lab_to_rgb(picture: Pillow.Image) -> Pillow.Image:
    transform = ImageCms.buildTransform(ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB")
    return ImageCms.applyTransform(picture, transform) or picture.convert("L").convert("RGB")
