import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hopchain_core.scenes import raster
from hopchain_core.scenes.blur import smoothed
from hopchain_core.scenes.camera import Camera
from hopchain_core.scenes.light import Light, Lighting
from hopchain_core.scenes.mesh import Mesh
from hopchain_core.scenes.rooms.room import depth_at_row
from hopchain_core.scenes.solids import ball, block, panel

CAMERA = Camera.looking_at((0.0, 0.0, 0.0), distance=30, pitch_rad=0.4, view_width=10, width_px=400, height_px=300)

corner = st.tuples(st.floats(-5, 45), st.floats(-5, 35))


@settings(max_examples=60, deadline=None)
@given(a=corner, b=corner, c=corner, d=corner)
def test_that_triangles_that_share_an_edge_leave_no_gap_and_no_overlap(a, b, c, d) -> None:  # type: ignore[no-untyped-def]
    xy = np.array([a, b, c, d])
    side = [(xy[2] - xy[0])[0] * (p - xy[0])[1] - (xy[2] - xy[0])[1] * (p - xy[0])[0] for p in (xy[1], xy[3])]
    if side[0] * side[1] >= 0:
        return
    near = np.ones(4)
    both = np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32)
    one, other = (raster.visible(xy, near, both[i : i + 1], 40, 30).index for i in range(2))
    assert not set(one.tolist()) & set(other.tolist())
    inside = _inside(xy, both)
    covered = np.zeros(1200, dtype=bool)
    covered[np.concatenate([one, other])] = True
    assert covered[inside].all()


def _inside(xy: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    """Pixel centres well inside either triangle, by the sign of areas."""
    x, y = np.meshgrid(np.arange(40) + 0.5, np.arange(30) + 0.5)
    out = np.zeros(x.shape, dtype=bool)
    for t in triangles:
        p = xy[t]
        edges = [
            (p[(i + 1) % 3][0] - p[i][0]) * (y - p[i][1]) - (p[(i + 1) % 3][1] - p[i][1]) * (x - p[i][0])
            for i in range(3)
        ]
        out |= np.all(np.array(edges) > 1e-6, axis=0) | np.all(np.array(edges) < -1e-6, axis=0)
    return out.ravel()


def test_that_the_nearer_of_two_triangles_is_seen() -> None:
    xy = np.array([[0, 0], [40, 0], [0, 30], [0, 0], [40, 0], [0, 30]], dtype=float)
    near = np.array([1.0, 1.0, 1.0, 2.0, 2.0, 2.0])
    covered = raster.visible(xy, near, np.array([[0, 1, 2], [3, 4, 5]], dtype=np.int32), 40, 30)
    assert set(covered.triangle.tolist()) == {1}
    assert np.allclose(covered.nearness, 2.0)


def test_that_values_between_corners_are_right_in_perspective() -> None:
    square = panel(4.0, 4.0).pitched(-1.0)
    screen, near = CAMERA.project(square.points)
    fronts = square.triangles[raster.facing(screen, square.triangles)]
    covered = raster.visible(screen, near, fronts, 400, 300)
    assert len(covered) > 2000
    blend = raster.Blend(screen, near, square.points, fronts, covered, 400)
    there = blend.at(covered).astype(float)
    again = CAMERA.project(there)[0]
    assert np.abs(again[:, 0] - (covered.index % 400 + 0.5)).max() < 0.01
    assert np.abs(again[:, 1] - (covered.index // 400 + 0.5)).max() < 0.01


def outward(mesh: Mesh) -> np.ndarray:
    a, b, c = (mesh.points[mesh.triangles[:, i]] for i in range(3))
    faces = np.cross(b - a, c - a)
    area = np.sqrt((faces**2).sum(axis=1))
    kept = area > 1e-7
    normals = mesh.normals[mesh.triangles].mean(axis=1)
    return (faces[kept] * normals[kept]).sum(axis=1)


def test_that_triangles_run_anticlockwise_seen_from_outside() -> None:
    for mesh in (ball(1.0), block(1.0, 2.0, 3.0, 0.2), panel(1.0, 1.0)):
        assert (outward(mesh) > 0).all()


def test_that_a_place_under_a_roof_sees_neither_window_nor_sky() -> None:
    light = Light((0.0, 1.0, 0.0), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), 0.1)
    roof = block(4.0, 0.2, 4.0, 0.05).moved(y=1.0)
    lighting = Lighting.of(light, [roof])
    x, y, z = (np.array(v, dtype=np.float32) for v in ([0.0, 6.0], [0.0, 0.0], [0.0, 0.0]))
    window, sky = lighting.window.lit(x, y, z), lighting.ceiling.lit(x, y, z)
    assert window.tolist() == [0.0, 1.0]
    assert sky[0] < 0.2
    assert sky[1] == 1.0


def test_that_a_row_and_the_depth_it_shows_belong_together() -> None:
    z = depth_at_row(CAMERA, 0.0, 270.0)
    assert abs(float(CAMERA.project(np.array([[0.0, 0.0, z]]))[0][0, 1]) - 270.0) < 1e-9


def test_that_a_blur_keeps_what_is_even_and_spreads_what_is_not() -> None:
    even = np.full((20, 30), 0.25, dtype=np.float32)
    assert np.allclose(smoothed(even, 3), 0.25)
    dot = np.zeros((21, 21), dtype=np.float32)
    dot[10, 10] = 1
    spread = smoothed(dot, 2)
    assert abs(float(spread.sum()) - 1) < 1e-5
    assert spread[10, 10] == spread.max() < 0.1
    assert np.array_equal(spread, spread.T)
