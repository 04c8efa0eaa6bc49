import hashlib
import json
import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from hopchain_core.errors import InputError
from hopchain_core.scenes import SceneStyle, Setting, read_scenes, render_scene, write_scenes

SMALL = {"width_px": 320, "height_px": 240}
STYLE = SceneStyle(settings=(Setting.TABLE, Setting.WINDOWSILL), most_things=10)


def test_that_a_folder_of_scenes_reads_back_as_it_was_written(tmp_path: Path) -> None:
    written = write_scenes(tmp_path / "new" / "scenes", 2, 40, style=STYLE, workers=1, **SMALL)
    read = read_scenes(tmp_path / "new" / "scenes")
    assert list(read.values()) == written
    assert [s.seed for s in written] == [40, 41]
    for name, scene in read.items():
        content = (tmp_path / "new" / "scenes" / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == scene.sha256
        again = render_scene(scene.seed, style=STYLE, **SMALL)
        assert scene.objects == again.objects
        with Image.open(tmp_path / "new" / "scenes" / name) as picture:
            assert (picture.format, picture.mode) == ("PNG", "RGB")
            assert np.array_equal(np.asarray(picture), again.pixels)
    assert not list((tmp_path / "new" / "scenes").glob("*.part"))


def test_that_the_same_seed_gives_the_same_bytes_in_one_process_or_many(tmp_path: Path) -> None:
    write_scenes(tmp_path / "one", 2, 7, style=STYLE, workers=1, **SMALL)
    write_scenes(tmp_path / "many", 2, 7, style=STYLE, workers=2, **SMALL)
    one, many = ({p.name: p.read_bytes() for p in (tmp_path / d).iterdir()} for d in ("one", "many"))
    assert one == many
    assert one["scene-000007.png"] != one["scene-000008.png"]


def test_that_scenes_written_later_join_those_listed_before(tmp_path: Path) -> None:
    write_scenes(tmp_path, 2, 7, style=STYLE, workers=1, **SMALL)
    (tmp_path / "scene-000007.png").unlink()
    write_scenes(tmp_path, 1, 3, style=STYLE, workers=1, **SMALL)
    assert list(read_scenes(tmp_path)) == ["scene-000003.png", "scene-000008.png"]


_HASHES = """
import hashlib
from hopchain_core.scenes import render_scene
for seed in (1, 2):
    scene = render_scene(seed, width_px=480, height_px=360)
    print(hashlib.sha256(scene.pixels.tobytes() + repr(scene.objects).encode()).hexdigest())
"""


def test_that_whoever_stops_waits_for_no_scene_that_is_left(tmp_path: Path) -> None:
    class StopError(Exception):
        pass

    def stop(done: int) -> None:
        raise StopError

    with pytest.raises(StopError):
        write_scenes(tmp_path / "scenes", 12, 7, style=STYLE, workers=2, progress=stop, **SMALL)
    assert multiprocessing.active_children() == []
    pictures = list((tmp_path / "scenes").glob("*.png"))
    assert 1 <= len(pictures) < 12
    for picture in pictures:
        with Image.open(picture) as opened:
            opened.load()


def test_that_an_older_processor_draws_the_same_pixels() -> None:
    numpy_core = pytest.importorskip("numpy._core._multiarray_umath")
    present = [name for name in numpy_core.__cpu_dispatch__ if numpy_core.__cpu_features__.get(name)]
    if not present:
        pytest.skip("this processor has none of the features that numpy could be told to leave alone")
    older = {"NPY_DISABLE_CPU_FEATURES": " ".join(present), "OPENCV_CPU_DISABLE": "AVX,AVX2,FMA3,AVX512-SKX"}
    out = [
        subprocess.run(
            [sys.executable, "-c", _HASHES], env=os.environ | extra, check=True, capture_output=True, text=True
        ).stdout
        for extra in ({}, older)
    ]
    assert out[0] == out[1]
    assert len(out[0].split()) == 2


_KILLED = """
import multiprocessing, os, signal, sys
from pathlib import Path
from hopchain_core.scenes import write_scenes

def killed(_):
    print(*(process.pid for process in multiprocessing.active_children()), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

if __name__ == "__main__":
    write_scenes(Path(sys.argv[1]), 400, 0, workers=2, progress=killed)
"""


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="asks /proc which processes are left")
def test_that_nobody_goes_on_drawing_for_a_program_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(_KILLED)
    said = subprocess.run([sys.executable, script, tmp_path / "scenes"], capture_output=True, text=True, check=False)
    workers = [int(pid) for pid in said.stdout.split()]
    assert len(workers) == 2
    until = time.monotonic() + 60
    while any(_is_alive(pid) for pid in workers) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(_is_alive(pid) for pid in workers)


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def listing(tmp_path: Path) -> dict:
    write_scenes(tmp_path, 1, 5, style=STYLE, workers=1, **SMALL)
    return json.loads((tmp_path / "scenes.json").read_text())


def _rename_out(data: dict) -> None:
    data["scenes"][0]["file"] = "../elsewhere.png"


def _shrink(data: dict) -> None:
    data["scenes"][0]["width_px"] = 100


def _forget(data: dict) -> None:
    del data["scenes"][0]["objects"][0]["box"]


def _unmask(data: dict) -> None:
    data["scenes"][0]["objects"][0]["rle"] = None


def _invent(data: dict) -> None:
    data["scenes"][0]["objects"][0]["attributes"]["weight"] = "heavy"


def _age(data: dict) -> None:
    data["format"] = "hopchain-scenes/99"


@pytest.mark.parametrize("harm", [_rename_out, _shrink, _forget, _unmask, _invent, _age])
def test_that_a_harmed_listing_is_refused(tmp_path: Path, harm) -> None:  # type: ignore[no-untyped-def]
    data = listing(tmp_path)
    harm(data)
    (tmp_path / "scenes.json").write_text(json.dumps(data))
    with pytest.raises(InputError):
        read_scenes(tmp_path)


def test_that_a_folder_without_a_listing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no scenes\.json"):
        read_scenes(tmp_path)
    (tmp_path / "scenes.json").write_text("{")
    with pytest.raises(InputError, match="cannot be read"):
        read_scenes(tmp_path)


def test_that_a_place_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write scenes"):
        write_scenes(tmp_path / "file", 1, 1, workers=1, **SMALL)
    with pytest.raises(ValueError, match="not negative"):
        write_scenes(tmp_path, 1, -1)
