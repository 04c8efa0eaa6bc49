import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from hopchain_core.domain.images import SourceObject
from hopchain_core.domain.instances import AttributeName, Origin
from hopchain_core.scenes import Scene, SceneStyle, Setting, render_scene
from hopchain_core.scenes.canvas import SUPERSAMPLING
from hopchain_core.scenes.lettering import Face, font
from hopchain_core.scenes.palette import PALETTE
from hopchain_core.scenes.render import Staged
from hopchain_core.scenes.truth import pixel_ids


def attribute(thing: SourceObject, name: AttributeName) -> str | None:
    return next((a.value for a in thing.attributes if a.name is name), None)


def lab(rgb: np.ndarray) -> np.ndarray:
    return cv2.cvtColor((np.asarray(rgb, dtype=np.float32) / 255).reshape(1, -1, 3), cv2.COLOR_RGB2LAB)[0]


NAMES = list(PALETTE)
PAINTS = lab(np.array([[int(h[i : i + 2], 16) for i in (1, 3, 5)] for h in PALETTE.values()]))


def colour_shares(pixels: np.ndarray) -> dict[str, float]:
    """Share of the pixels nearest to each palette colour; lightness counts less, for there are shadows."""
    away = ((lab(pixels)[:, None, :] - PAINTS[None]) ** 2 * np.array([0.35, 1, 1])).sum(axis=2)
    counts = np.bincount(away.argmin(axis=1), minlength=len(NAMES))
    return {name: float(c) / len(pixels) for name, c in zip(NAMES, counts, strict=True)}


def assert_truth_holds(scene: Scene, least: int = 8, most: int = 25) -> None:
    height, width = scene.pixels.shape[:2]
    total = np.zeros((height, width), dtype=int)
    for thing in scene.objects:
        assert thing.mask is not None
        bitmap = thing.mask.to_bitmap()
        assert bitmap.shape == (height, width)
        assert bitmap.any()
        assert thing.box == thing.mask.box()
        assert thing.box.x0 > 0
        assert thing.box.y0 > 0
        assert thing.box.x1 < width
        assert thing.box.y1 < height
        assert thing.origin is Origin.SCENE
        assert all(a.source is Origin.SCENE for a in thing.attributes)
        assert attribute(thing, AttributeName.COLOUR) in PALETTE
        total += bitmap
    assert total.max() == 1
    categories = [t.category for t in scene.objects]
    numbers = [categories.count(c) for c in set(categories)]
    assert least <= len(categories) <= most
    assert len(numbers) >= 3
    assert 3 <= max(numbers) <= 6
    assert 1 in numbers
    printed = [t for t in scene.objects if attribute(t, AttributeName.TEXT) or attribute(t, AttributeName.NUMBER)]
    assert len(printed) >= 2
    assert len({t.source_id for t in scene.objects}) == len(scene.objects)


def test_that_masks_are_disjoint_inside_the_picture_and_as_large_as_their_boxes(scenes: list[Scene]) -> None:
    for scene in scenes:
        assert_truth_holds(scene, most=16)


@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**9), setting=st.sampled_from(list(Setting)))
def test_that_any_seed_gives_a_scene_worth_asking_about(seed: int, setting: Setting) -> None:
    style = SceneStyle(settings=(setting,), most_things=14)
    assert_truth_holds(render_scene(seed, width_px=320, height_px=240, style=style), most=14)


def test_that_no_category_stands_beside_one_it_could_be_taken_for() -> None:
    for seed in range(6):
        categories = {t.category for t in render_scene(seed, width_px=320, height_px=240).objects}
        assert not ("ball" in categories and categories & {"apple", "orange"})


def test_that_most_of_each_thing_has_its_colour(scenes: list[Scene]) -> None:
    for scene in scenes:
        for thing in scene.objects:
            assert thing.mask is not None
            shares = colour_shares(scene.pixels[thing.mask.to_bitmap()])
            colour = attribute(thing, AttributeName.COLOUR)
            assert colour is not None
            if colour == "white":  # a white thing's shaded side is as grey as a grey thing
                assert shares["white"] > 0.25
                shares["white"] += shares.pop("grey")
            assert max(shares, key=lambda name: shares[name]) == colour, (thing.category, colour, shares)


def test_that_other_things_leave_most_of_each_in_sight(staged: dict[Setting, Staged]) -> None:
    for scene in staged.values():
        cluster_of = np.array([-1] + [p.placed.cluster for p in scene.painted])
        for painted in scene.painted:
            alone, ids = painted.outline, scene.canvas.ids
            rows = slice(alone.top, alone.top + alone.bitmap.shape[0])
            columns = slice(alone.left, alone.left + alone.bitmap.shape[1])
            shown = cluster_of[ids[rows, columns]] == painted.placed.cluster
            assert (shown & alone.bitmap).sum() >= 0.65 * alone.bitmap.sum()


def test_that_print_is_tall_enough_and_uncovered(staged: dict[Setting, Staged]) -> None:
    for scene in staged.values():
        for painted in scene.painted:
            corners, area = painted.placed.print_corners, painted.placed.thing.print_area
            if corners is None or area is None:
                continue
            low, high = corners[: len(corners) // 2], corners[len(corners) // 2 :]
            middle_low, middle_high = low.mean(axis=0), high.mean(axis=0)
            tall = middle_high - middle_low
            capital = middle_low + tall * area.cap_height / np.sqrt((tall**2).sum())
            rows = scene.room.camera.project(np.array([middle_low, capital]))[0][:, 1]
            assert rows[0] - rows[1] >= 22.0
            outline = np.rint(scene.room.camera.project(corners)[0] * SUPERSAMPLING).astype(np.int32)
            panel = np.zeros(scene.canvas.ids.shape, dtype=np.uint8)
            cv2.fillConvexPoly(panel, cv2.convexHull(outline), 1)
            assert (scene.canvas.ids[panel > 0] == painted.number).mean() > 0.98


def flattened(scene: Staged, corners: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The printed panel as if seen from in front, grey, (h, w)."""
    picture = cv2.cvtColor(scene.canvas.developed(), cv2.COLOR_RGB2GRAY)
    seen = scene.room.camera.project(corners)[0].astype(np.float32)
    width, height = size
    flat = np.array([[0, height], [width, height], [0, 0], [width, 0]], dtype=np.float32)
    return cv2.warpPerspective(picture, cv2.getPerspectiveTransform(seen, flat), size)


def inked(text: str, size: tuple[int, int], cap_px: float) -> np.ndarray:
    """The text in the middle of a panel, ink 255, (h, w)."""
    typeface = font(Face.BOLD, round(cap_px / 0.727))
    left, top, right, bottom = typeface.getbbox(text)
    picture = Image.new("L", size)
    at = ((size[0] - right + left) / 2 - left, (size[1] - bottom + top) / 2 - top)
    ImageDraw.Draw(picture).text(at, text, fill=255, font=typeface)
    return np.asarray(picture)


def likeness(a: np.ndarray, b: np.ndarray) -> float:
    return abs(float(np.corrcoef(a.ravel().astype(float), b.ravel().astype(float))[0, 1]))


def test_that_what_is_printed_on_a_sign_is_its_text(staged: dict[Setting, Staged]) -> None:
    compared = 0
    for scene in staged.values():
        signs = [p for p in scene.painted if p.placed.thing.category == "sign"]
        for painted in signs:
            corners, area = painted.placed.print_corners, painted.placed.thing.print_area
            assert corners is not None
            assert area is not None
            facts = painted.placed.thing.facts
            text = facts.get(AttributeName.TEXT) or facts[AttributeName.NUMBER]
            width, height = (corners[1] - corners[0], corners[2] - corners[0])
            scale = 200.0
            size = (round(scale * float(np.sqrt((width**2).sum()))), round(scale * float(np.sqrt((height**2).sum()))))
            seen = flattened(scene, corners, size)
            others = ["OPEN", "GARDEN", "Winter", "64", "317", "Thread"]
            scores = {t: likeness(seen, inked(t, size, scale * area.cap_height)) for t in [text, *others]}
            assert max(scores, key=lambda t: scores[t]) == text
            assert scores[text] > 0.6
            compared += 1
    assert compared >= 1


def test_that_a_pixel_belongs_to_what_most_of_its_samples_show() -> None:
    samples = np.array([[1, 1, 0, 2, 3, 3], [1, 2, 2, 0, 4, 4], [0, 0, 5, 5, 1, 2], [0, 7, 5, 6, 3, 4]], dtype=np.int16)
    assert pixel_ids(samples).tolist() == [[1, 2, 4], [0, 5, 4]]


@pytest.mark.parametrize("size", [(300, 225), (1200, 500), (1200, 1200), (402, 300)])
def test_that_a_size_that_cannot_be_drawn_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least 320 wide"):
        render_scene(1, width_px=size[0], height_px=size[1])


def test_that_a_style_bounds_the_number_of_things() -> None:
    style = SceneStyle(least_things=17, most_things=18, settings=(Setting.TABLE,))
    assert len(render_scene(3, width_px=320, height_px=240, style=style).objects) in (17, 18)
    with pytest.raises(ValueError, match="8 to 25"):
        SceneStyle(most_things=40)
    with pytest.raises(ValueError, match="setting"):
        SceneStyle(settings=())
