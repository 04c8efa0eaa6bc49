"""An engine whose package a person brings as its source: installed by pip from a folder, with nothing from a network.

Small packages stand in for gigabytes, under the names and versions of the real ones; the checkout is a stand-in for
Meta's sam3 with a builder of its own, so that pip has nothing to fetch for it either.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from hopchain_core.backends.engines import setup as engine_setup
from hopchain_core.backends.engines.checkout import VOCABULARY
from hopchain_core.backends.engines.setup import ENGINES, FOLDER, checkout_of, folder_of, python_of, set_up, versions_of
from hopchain_core.cli.main import run
from hopchain_core.errors import InputError, PrerequisiteError
from hopchain_core.profiles.book import FILE, ProfileBook
from hopchain_core.profiles.profile import Sam3Profile
from tests.core.backends.test_engine_setup import from_folder, wheel

NATIVE = ENGINES["sam3-native"]
VERSIONS = {
    "torch": "2.13.0",
    "torchvision": "0.28.0",
    "einops": "0.8.1",
    "psutil": "7.0",
    "pycocotools": "2.0.11",
    "setuptools": "80.9",
    "numpy": "1.26.0",
    "pillow": "11.3",
}
BUILDER = '''
import pathlib, zipfile


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """Puts the folder that holds the package on the path, and copies nothing."""
    name, info = "sam3-0.1.0-py3-none-any.whl", "sam3-0.1.0.dist-info"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / name, "w") as file:
        file.writestr("sam3.pth", str(pathlib.Path(__file__).parent))
        file.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\\nName: sam3\\nVersion: 0.1.0\\nRequires-Dist: numpy==1.26\\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        file.writestr(f"{info}/RECORD", "")
    return name
'''


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path / "engines"))
    monkeypatch.setenv(FILE, str(tmp_path / "profiles.json"))
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name, version in VERSIONS.items():
        wheel(folder, name, version, f"__version__ = {version!r}\n", module="PIL" if name == "pillow" else name)
    return folder


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """As a clone of the package lies: its description, the package, its vocabulary beside it."""
    folder = tmp_path / "clone of sam3"
    (folder / "sam3").mkdir(parents=True)
    (folder / "sam3" / "__init__.py").write_text("__version__ = '0.1.0'\n")
    (folder / "assets").mkdir()
    (folder / "assets" / VOCABULARY).write_bytes(b"")
    (folder / "builder.py").write_text(BUILDER)
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "builder"\nbackend-path = ["."]\n[project]\nname = "sam3"\n'
    )
    return folder


def test_that_pip_installs_it_in_place_with_the_versions_it_needs(wheels: Path, clone: Path) -> None:
    lines: list[str] = []
    python = set_up(NATIVE, lines.append, checkout=clone, pip_arguments=from_folder(wheels))
    assert python == python_of("sam3-native")
    assert versions_of("sam3-native") == {
        "torch": "2.13.0",
        "torchvision": "0.28.0",
        "sam3": "0.1.0",
        "numpy": "1.26.0",
        "PIL": "11.3",
    }
    told = subprocess.run(
        [str(python), "-c", "import sam3; print(sam3.__file__)"], capture_output=True, text=True, check=True, cwd="/"
    )
    assert told.stdout.strip() == str(clone / "sam3" / "__init__.py")
    assert checkout_of("sam3-native") == clone
    # Again: the same checkout without saying so.
    assert set_up(NATIVE, lines.append, pip_arguments=from_folder(wheels)) == python


def test_that_a_checkout_that_cannot_be_imported_is_not_taken_for_an_engine(wheels: Path, clone: Path) -> None:
    (clone / "sam3" / "__init__.py").write_text("import triton\n")
    with pytest.raises(PrerequisiteError, match=r"cannot be imported: .*No module named 'triton'"):
        set_up(NATIVE, lambda line: None, checkout=clone, pip_arguments=from_folder(wheels))
    assert python_of("sam3-native") is None


@pytest.mark.usefixtures("wheels")
def test_that_what_is_no_whole_checkout_is_refused_before_anything_is_made(clone: Path, tmp_path: Path) -> None:
    def refused(folder: Path | None) -> InputError:
        with pytest.raises(InputError) as raised:
            set_up(NATIVE, lambda line: None, checkout=folder)
        assert "git clone" in raised.value.hint
        assert "PyPI" in raised.value.hint
        return raised.value

    assert str(refused(None)) == "sam3-native needs a checkout of the package sam3."
    assert "is no checkout of sam3" in str(refused(tmp_path))
    (clone / "assets" / VOCABULARY).unlink()
    assert f"lacks sam3's vocabulary ({VOCABULARY})" in str(refused(clone))
    description = clone / "pyproject.toml"
    description.write_text(description.read_text().replace('"sam3"', '"sam4"'))
    assert "is a checkout of sam4" in str(refused(clone))
    description.write_text("no [ TOML")
    assert "is no checkout of sam3" in str(refused(clone))
    assert not folder_of("sam3-native").exists()


def test_that_the_vocabulary_may_lie_in_the_package(wheels: Path, clone: Path) -> None:
    (clone / "assets").rename(clone / "sam3" / "assets")
    assert set_up(NATIVE, lambda line: None, checkout=clone, pip_arguments=from_folder(wheels)).exists()


def test_that_the_command_says_what_it_needs_and_doctor_names_what_is_there(
    wheels: Path, clone: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ProfileBook().put(Sam3Profile(name="usual"))
    ProfileBook().put(Sam3Profile(name="own", package="native"))

    def doctor() -> dict[str, dict[str, str]]:
        capsys.readouterr()
        run(["doctor", "--json"])
        return {c["name"]: c for c in json.loads(capsys.readouterr().out)["checks"]}

    before = doctor()
    assert "models setup sam3-native --from FOLDER" in before["engine sam3-native"]["hint"]
    assert before["model own"]["found"].startswith("sam3-native is not set up")
    assert run(["models", "setup", "sam3-native", "--yes"]) != 0
    assert "needs a checkout of the package sam3" in capsys.readouterr().err
    assert run(["models", "setup", "sam3", "--from", str(clone), "--yes"]) != 0
    assert "--from is for sam3-native" in capsys.readouterr().err

    real = engine_setup.set_up
    monkeypatch.setattr(
        "hopchain_core.cli.commands.models.set_up",
        lambda engine, on_line, **how: real(engine, on_line, **{**how, "pip_arguments": from_folder(wheels)}),
    )
    assert run(["models", "setup", "sam3-native", "--from", str(clone), "--yes"]) == 0
    out = capsys.readouterr().out
    assert f"setuptools<81, numpy>=1.26,<3, pillow>=11,<14, {clone}" in out
    assert "profile own uses it now" in out
    assert "profile usual" not in out
    assert ProfileBook().get("own").model_dump()["python"] == str(python_of("sam3-native"))

    found = doctor()["engine sam3-native"]
    assert found["state"] == "ok"
    assert "sam3 0.1.0" in found["found"]
    assert found["found"].endswith(f"(from {clone})")
    shutil.rmtree(clone)
    gone = doctor()["engine sam3-native"]
    assert (gone["state"], gone["found"]) == ("absent", f"its checkout {clone} is gone")
