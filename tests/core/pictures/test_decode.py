import hashlib
import os
import struct
import subprocess
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageCms, ImageFile

from hopchain_core.errors import PictureError
from hopchain_core.pictures.decode import inspect, read_header, read_rgb, sha256_of
from hopchain_core.pictures.problems import PictureProblem
from hopchain_core.pictures.signatures import PictureFormat

LOSSLESS = ["PNG", "TIFF", "BMP"]


@pytest.fixture
def save(tmp_path):
    def save(picture, file_format, name=None, **options):
        path = tmp_path / (name or f"picture.{file_format.lower()}")
        if isinstance(picture, np.ndarray):
            picture = Pillow.fromarray(picture)
        picture.save(path, file_format, **options)
        return path

    return save


def kind_of(path, **options):
    with pytest.raises(PictureError) as caught:
        inspect(path, **options)
    with pytest.raises(PictureError) as again:
        read_rgb(path, **options)
    assert again.value.kind == caught.value.kind
    return caught.value.kind


def outcome(path):
    """(None, pixels) of a picture that is taken, (kind, None) of one that is refused; both readers agree on which."""
    try:
        seen = inspect(path)
    except PictureError as error:
        return kind_of(path), None if str(error) else "without a message"
    pixels = read_rgb(path)
    assert pixels.shape == (seen.height_px, seen.width_px, 3)
    return None, pixels


def png_chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


@pytest.mark.parametrize("file_format", [*LOSSLESS, "JPEG", "WEBP", "GIF"])
def test_that_each_format_is_read_with_its_size_hash_and_pixels(file_format, scene, save):
    path = save(scene, file_format, **({"lossless": True} if file_format == "WEBP" else {}))
    seen = inspect(path)
    assert seen.file_format == file_format
    assert (seen.width_px, seen.height_px, seen.orientation) == (128, 96, 1)
    assert not seen.is_mislabelled
    assert seen.sha256 == hashlib.sha256(path.read_bytes()).hexdigest() == sha256_of(path)
    pixels = read_rgb(path)
    assert pixels.shape == (96, 128, 3)
    assert pixels.dtype == np.uint8
    assert pixels.flags.c_contiguous
    error = np.abs(pixels.astype(int) - scene)
    assert error.max() == 0 if file_format in (*LOSSLESS, "WEBP") else np.median(error) < 12


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("file_format", ["TIFF", "PNG", "JPEG", "WEBP"])
def test_that_every_orientation_comes_out_upright(orientation, file_format, scene, save):
    to_stored = {
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.transpose(1, 0, 2),
        6: lambda a: np.rot90(a),
        7: lambda a: np.rot90(a, 2).transpose(1, 0, 2),
        8: lambda a: np.rot90(a, -1),
    }
    stored = np.ascontiguousarray(to_stored[orientation](scene))
    exif = Pillow.Exif()
    exif[274] = orientation
    options = {"WEBP": {"lossless": True}, "JPEG": {"quality": 97, "subsampling": 0}}.get(file_format, {})
    path = save(stored, file_format, exif=exif, **options)
    seen = inspect(path)
    assert seen.orientation == orientation
    assert (seen.stored_height_px, seen.stored_width_px) == stored.shape[:2]
    assert (seen.width_px, seen.height_px) == (128, 96)
    upright = read_rgb(path)
    assert upright.shape == scene.shape
    assert np.abs(upright.astype(int) - scene).mean() < 3
    plain = inspect(save(scene, file_format, name="plain", **options))
    assert bin(int(seen.perceptual_hash, 16) ^ int(plain.perceptual_hash, 16)).count("1") <= 2


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_that_an_orientation_without_meaning_counts_as_upright(orientation, scene, save):
    exif = Pillow.Exif()
    exif[274] = orientation
    assert inspect(save(scene, "JPEG", exif=exif)).orientation == 1


@pytest.mark.parametrize("file_format", ["PNG", "TIFF"])
def test_that_grey_of_16_bits_keeps_its_brightness(file_format, save):
    grey = np.linspace(0, 65535, 64 * 64).reshape(64, 64).astype(np.uint16)
    pixels = read_rgb(save(grey, file_format))
    assert (pixels == (grey >> 8)[..., None]).all()


def test_that_colour_of_16_bits_keeps_its_brightness(tmp_path, scene):
    height, width, _ = scene.shape
    rows = scene.astype(">u2") * 257
    data = b"".join(b"\x00" + row.tobytes() for row in rows)
    path = tmp_path / "deep.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0))
        + png_chunk(b"IDAT", zlib.compress(data))
        + png_chunk(b"IEND", b"")
    )
    assert (read_rgb(path) == scene).all()


def test_that_grey_palette_and_one_bit_pictures_become_rgb(scene, save):
    grey = Pillow.fromarray(scene).convert("L")
    assert (read_rgb(save(grey, "PNG", "l.png")) == np.asarray(grey)[..., None]).all()
    palette = Pillow.fromarray(scene).quantize(16)
    assert (read_rgb(save(palette, "PNG", "p.png")) == np.asarray(palette.convert("RGB"))).all()
    one_bit = grey.convert("1")
    assert set(np.unique(read_rgb(save(one_bit, "PNG", "1.png")))) == {0, 255}


def test_that_what_is_transparent_shows_white(scene, save):
    alpha = np.full((96, 128, 1), 255, np.uint8)
    alpha[:48] = 0
    pixels = read_rgb(save(np.concatenate([scene, alpha], axis=2), "PNG"))
    assert (pixels[:48] == 255).all()
    assert (pixels[48:] == scene[48:]).all()


@pytest.mark.parametrize("mode", ["L", "RGB", "P"])
def test_that_a_colour_marked_as_transparent_shows_white(mode, save):
    picture = Pillow.new("RGB", (64, 64), (10, 10, 10))
    picture = picture.quantize(2) if mode == "P" else picture.convert(mode)
    colour = picture.getpixel((0, 0))
    assert (read_rgb(save(picture, "PNG", transparency=colour)) == 255).all()


def test_that_cmyk_is_read_with_and_without_a_profile(scene, save):
    cmyk = Pillow.fromarray(scene).convert("CMYK")
    for file_format in ("JPEG", "TIFF"):
        pixels = read_rgb(save(cmyk, file_format))
        assert np.abs(pixels.astype(int) - scene).mean() < 12
    bogus = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # A profile for RGB on CMYK pixels makes no sense and is passed over.
    assert (read_rgb(save(cmyk, "TIFF", "bogus.tif", icc_profile=bogus)) == pixels).all()


def test_that_a_colour_profile_is_followed(save):
    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.createProfile("sRGB")
    patch = Pillow.new("RGB", (64, 64), (200, 60, 60))
    as_lab = ImageCms.profileToProfile(patch, srgb, lab, outputMode="LAB")
    pixels = read_rgb(save(as_lab, "TIFF"))
    assert np.abs(pixels.astype(int) - (200, 60, 60)).max() <= 6


@pytest.mark.parametrize("profile", [b"", b"nonsense", b"\x00" * 128, os.urandom(4096)])
def test_that_a_broken_colour_profile_is_passed_over(profile, scene, save):
    assert (read_rgb(save(scene, "PNG", icc_profile=profile)) == scene).all()


def test_that_only_the_first_frame_of_an_animation_counts(scene, save):
    frames = [Pillow.fromarray(scene), Pillow.fromarray(255 - scene)]
    for file_format in ("GIF", "PNG", "WEBP", "TIFF"):
        path = save(frames[0], file_format, save_all=True, append_images=frames[1:])
        assert np.median(np.abs(read_rgb(path).astype(int) - scene)) < 12, file_format


@pytest.mark.parametrize("max_side", [1, 50, 127, 128, 500])
def test_that_a_picture_is_shrunk_to_the_longer_side_and_never_enlarged(max_side, scene, save):
    exif = Pillow.Exif()
    exif[274] = 6
    path = save(np.ascontiguousarray(np.rot90(scene)), "JPEG", exif=exif)
    height, width, _ = read_rgb(path, max_side=max_side).shape
    assert max(height, width) == min(max_side, 128)
    assert (height, width) == (max(1, round(96 * width / 128)), width)


def test_that_a_wrong_name_is_noted_and_the_bytes_decide(scene, save):
    path = save(scene, "PNG", name="holiday.JPG")
    seen = inspect(path)
    assert seen.file_format is PictureFormat.PNG
    assert seen.is_mislabelled
    assert not inspect(save(scene, "PNG", name="no_suffix")).is_mislabelled


def test_that_what_is_no_picture_is_told_from_one_of_an_unknown_format(tmp_path):
    (tmp_path / "a.jpg").write_text("hello, this is text and goes on for a while" * 10)
    (tmp_path / "b.jpg").write_bytes(b"\x00\x00\x00\x1cftypheic" + b"\x00" * 100)
    (tmp_path / "c.bmp").write_text("BM is how this text begins, and it is no bitmap")
    assert kind_of(tmp_path / "a.jpg") == "not_a_picture"
    assert kind_of(tmp_path / "b.jpg") == "unsupported"
    assert kind_of(tmp_path / "c.bmp") == "not_a_picture"


def test_that_numbers_without_a_range_are_refused(save):
    assert kind_of(save(np.ones((64, 64), np.float32), "TIFF")) == "unsupported"


def test_that_missing_empty_and_odd_files_are_refused_unopened(tmp_path):
    (tmp_path / "empty.png").touch()
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere.png")
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    assert kind_of(tmp_path / "nothing.png") == "missing"
    assert kind_of(tmp_path / "nu\0l.png") == "missing"
    assert kind_of(tmp_path / ("x" * 5000)) == "missing"
    assert kind_of(tmp_path / "gone.png") == "missing"
    assert kind_of(tmp_path / "empty.png") == "empty"
    assert kind_of(tmp_path / "loop.png") == "unreadable"
    assert kind_of(tmp_path / "pipe.png") == "not_a_file"
    assert kind_of(tmp_path / "folder.png") == "not_a_file"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/zero")
def test_that_a_device_is_refused_unopened(tmp_path):
    (tmp_path / "zero.png").symlink_to("/dev/zero")
    assert kind_of(tmp_path / "zero.png") == "not_a_file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads everything")
def test_that_a_file_without_permission_is_unreadable(scene, save):
    path = save(scene, "PNG")
    path.chmod(0)
    assert kind_of(path) == "unreadable"


def test_that_a_picture_with_a_short_side_is_too_small(save):
    assert kind_of(save(np.zeros((31, 500, 3), np.uint8), "PNG")) == "too_small"
    assert inspect(save(np.zeros((32, 500, 3), np.uint8), "PNG")).height_px == 32


def test_that_pixels_above_the_limit_are_refused(scene, save):
    for file_format in (*LOSSLESS, "JPEG", "WEBP", "GIF"):
        path = save(scene, file_format)
        assert kind_of(path, most_pixels=96 * 128 - 1) == "too_large", file_format
        assert inspect(path, most_pixels=96 * 128).width_px == 128


@pytest.mark.parametrize("side", [20_000, 2**31 - 1])
def test_that_a_bomb_is_refused_by_what_it_declares(side, tmp_path):
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    data = png_chunk(b"IDAT", zlib.compress(bytes(100_000)))
    path = tmp_path / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + data + png_chunk(b"IEND", b""))
    assert kind_of(path) == "too_large"
    webp = tmp_path / "bomb.webp"
    canvas = (min(side, 2**24) - 1).to_bytes(3, "little") * 2
    webp.write_bytes(b"RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x00\x00\x00\x00" + canvas)
    assert kind_of(webp) == "too_large"


def test_that_a_picture_above_the_limit_is_refused_before_a_pixel_is_decoded(scene, save, monkeypatch):
    def load(self):
        raise AssertionError("decoded")

    for file_format in (*LOSSLESS, "JPEG", "WEBP", "GIF"):
        path = save(scene, file_format)
        with monkeypatch.context() as patched:
            patched.setattr(ImageFile.ImageFile, "load", load)
            assert kind_of(path, most_pixels=96 * 128 - 1) == "too_large"
            assert kind_of(save(scene[:20], file_format)) == "too_small"


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks the system for the peak of memory")
def test_that_large_pictures_are_decoded_one_at_a_time(tmp_path):
    # Decoded, each takes 144 MB.
    for name in "abcd":
        Pillow.new("RGB", (6000, 6000), (9, 9, 9)).save(tmp_path / f"{name}.png", compress_level=1)
    program = (
        "import sys, resource; from pathlib import Path; from concurrent.futures import ThreadPoolExecutor\n"
        "from hopchain_core.pictures.decode import inspect\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "before = peak(); list(ThreadPoolExecutor(4).map(inspect, map(Path, sys.argv[1:]))); print(peak() - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *sorted(tmp_path.iterdir())],
        stdout=subprocess.PIPE, cwd=Path(__file__).parents[3], check=True,
    )  # fmt: skip
    assert int(done.stdout) < 2 * 144_000


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak of memory from /proc")
def test_that_a_large_claim_with_little_data_takes_little_memory(tmp_path):
    side = 13_000
    path = tmp_path / "claim.png"
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    data = png_chunk(b"IDAT", zlib.compress(bytes(1000)))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + data + png_chunk(b"IEND", b""))
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert kind_of(path) in {"truncated", "broken"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # kB; the pixels would be 660,000


def test_that_a_file_cut_short_is_called_truncated(scene, save):
    for file_format in (*LOSSLESS, "JPEG", "WEBP", "GIF"):
        path = save(scene, file_format)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert kind_of(path) == "truncated", file_format


@pytest.mark.parametrize("file_format", [*LOSSLESS, "JPEG", "WEBP", "GIF"])
def test_that_a_cut_at_any_place_is_refused_or_harmless(file_format, scene, save):
    path = save(scene, file_format, **({"lossless": True} if file_format == "WEBP" else {}))
    whole, data = read_rgb(path), path.read_bytes()
    step = max(64, len(data) // 64 // 64 * 64)
    for end in range(0, len(data), step):
        path.write_bytes(data[:end])
        kind, seen = outcome(path)
        assert kind in {"empty", "truncated", "broken", "not_a_picture"} if seen is None else (seen == whole).all()


@pytest.mark.parametrize("file_format", [*LOSSLESS, "JPEG", "WEBP", "GIF"])
def test_that_garbage_behind_a_good_header_never_does_harm(file_format, scene, save):
    path = save(scene, file_format)
    data, random = bytearray(path.read_bytes()), np.random.default_rng(5)
    for _ in range(40):
        spoilt = bytearray(data)
        if random.random() < 0.5:
            start = int(random.integers(8, 200))
            spoilt[start:] = random.bytes(len(data) - start)
        else:
            for place in random.integers(8, len(data), 12):
                spoilt[place] = random.integers(256)
        path.write_bytes(spoilt)
        kind, seen = outcome(path)
        assert kind in set(PictureProblem) if seen is None else seen.ndim == 3


def test_that_random_bytes_are_no_picture(tmp_path):
    random = np.random.default_rng(3)
    path = tmp_path / "noise.jpg"
    for size in (1, 2, 3, 7, 64, 1000, 100_000):
        path.write_bytes(random.bytes(size))
        assert kind_of(path) == "not_a_picture"


@pytest.mark.parametrize("order", ["<", ">"])
def test_that_a_tiff_that_points_at_itself_is_refused(order, tmp_path):
    path = tmp_path / "loop.tif"
    start = b"II*\x00" if order == "<" else b"MM\x00*"
    entries = b"".join(
        struct.pack(f"{order}HHII", *entry)
        for entry in [(256, 4, 1, 100), (257, 4, 1, 100), (273, 4, 2**30, 8), (330, 4, 1, 8), (34665, 4, 1, 8)]
    )
    path.write_bytes(start + struct.pack(f"{order}IH", 8, 5) + entries + struct.pack(f"{order}I", 8))
    assert kind_of(path) in {"broken", "truncated"}


def test_that_broken_exif_neither_refuses_a_picture_nor_warns(scene, save):
    for exif in (b"Exif\x00\x00garbage", b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff" + b"\x12\x01" * 30, b"\x00"):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert (inspect(save(scene, "JPEG", exif=exif)).width_px, len(caught)) == (128, 0)
            read_rgb(save(scene, "PNG", exif=exif))
            assert not caught


def test_that_warnings_of_others_still_come_through(scene, save):
    inspect(save(scene, "PNG"))
    with pytest.warns(UserWarning, match="mine"):
        warnings.warn("mine", UserWarning, stacklevel=1)


def test_that_a_header_says_the_same_as_the_whole_picture(scene, save):
    exif = Pillow.Exif()
    exif[274] = 8
    for file_format in ("JPEG", "PNG", "TIFF", "WEBP"):
        path = save(scene, file_format, exif=exif)
        header, whole = read_header(path), inspect(path)
        for name in ("file_format", "stored_width_px", "stored_height_px", "orientation", "width_px", "height_px"):
            assert getattr(header, name) == getattr(whole, name)


def test_that_pictures_are_decoded_alike_from_many_threads(scene, save):
    from concurrent.futures import ThreadPoolExecutor

    path = save(scene, "PNG", exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff")
    with ThreadPoolExecutor(8) as pool:
        hashes = set(pool.map(lambda _: inspect(path).perceptual_hash, range(64)))
    assert len(hashes) == 1


def test_that_any_file_name_will_do(scene, save):
    assert inspect(save(scene, "PNG", name="with space and ünïcode 🙂.png")).width_px == 128
