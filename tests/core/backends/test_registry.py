"""Finding and making backends by role and name."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

from hopchain_core.backends import registry
from hopchain_core.backends.protocols import Backend
from hopchain_core.domain.provenance import BackendSpec
from hopchain_core.errors import InputError, PrerequisiteError
from hopchain_core.profiles.book import FILE, ProfileBook
from hopchain_core.profiles.profile import EndpointProfile, Sam3Profile


class _Options(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    temperature: float = Field(default=0.5, ge=0, description="How bold it is.")


class _Backend:
    def __init__(self, options: _Options) -> None:
        self.options = options

    @property
    def spec(self) -> BackendSpec:
        return BackendSpec(role="solver", name="mine")

    async def aclose(self) -> None:
        """Holds nothing."""


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Profiles for the backends that need one."""
    monkeypatch.setenv(FILE, str(tmp_path / "profiles.json"))
    for name in ("author", "weak"):
        ProfileBook().put(EndpointProfile(name=name, url="http://127.0.0.1:1/v1", model="m"))
    ProfileBook().put(Sam3Profile(name="sam3"))


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is gone after it."""
    registry.registrations()
    monkeypatch.setattr(registry, "_registrations", dict(registry._registrations))


@pytest.fixture
def mine(own_registry: None) -> None:
    @registry.register("solver", "mine", title="Mine", options=_Options, needs=("no_such_package",))
    def make(options: _Options) -> Backend:
        return _Backend(options)


@pytest.mark.usefixtures("mine")
def test_that_a_backend_is_made_with_checked_options() -> None:
    made = registry.create("solver", "mine", {"temperature": 2})
    assert isinstance(made, _Backend)
    assert made.options == _Options(temperature=2.0)
    assert registry.registration("solver", "mine").options_schema()["properties"]["temperature"]["minimum"] == 0


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize(
    ("options", "named"), [({"temprature": 1}, "temprature"), ({"temperature": -1}, "temperature")]
)
def test_that_a_wrong_option_is_named_with_those_there_are(options: dict[str, float], named: str) -> None:
    with pytest.raises(InputError, match=named) as raised:
        registry.create("solver", "mine", options)
    assert raised.value.hint == "It knows: temperature."


def test_that_a_name_nobody_registered_lists_those_there_are() -> None:
    with pytest.raises(InputError, match="no composer called 'nobody'") as raised:
        registry.create("composer", "nobody")
    assert "program" in raised.value.hint


@pytest.mark.usefixtures("mine")
def test_that_registering_a_name_twice_is_an_error_that_names_both() -> None:
    with pytest.raises(InputError, match=r"Both .*test_registry and .*test_registry register the solver mine"):
        registry.register("solver", "mine", title="Again")(lambda options: _Backend(options))
    assert registry.registration("solver", "mine").title == "Mine"


def test_that_there_are_four_roles_and_no_others() -> None:
    with pytest.raises(ValueError, match="judge"):
        registry.register("judge", "mine", title="Mine")


@pytest.mark.usefixtures("own_registry")
@pytest.mark.parametrize(
    ("extra", "command"),
    [("models", ".venv/bin/pip install -e '.[models]'"), ("", "pip install no_such_package")],
)
def test_that_a_missing_package_names_the_command_that_brings_it(extra: str, command: str) -> None:
    @registry.register("solver", "heavy", title="Heavy", needs=("no_such_package",), extra=extra)
    def make(options: registry.NoOptions) -> Backend:
        import no_such_package.models  # type: ignore[import-not-found]

        return no_such_package.models.Solver()  # type: ignore[no-any-return]

    with pytest.raises(PrerequisiteError, match="needs the package no_such_package") as raised:
        registry.create("solver", "heavy")
    assert command in raised.value.hint


@pytest.mark.usefixtures("own_registry")
def test_that_an_import_that_fails_for_another_reason_is_a_bug_and_shown_as_one() -> None:
    @registry.register("solver", "slip", title="Slip", needs=("torch",))
    def make(options: registry.NoOptions) -> Backend:
        import another_missing_package  # type: ignore[import-not-found]

        return another_missing_package.Solver()  # type: ignore[no-any-return]

    with pytest.raises(ModuleNotFoundError, match="another_missing_package"):
        registry.create("solver", "slip")


def test_that_the_default_installation_can_run_every_stage() -> None:
    found = {(r.role, r.name) for r in registry.registrations()}
    assert found >= {
        ("categorizer", "annotations"), ("segmenter", "annotations"), ("composer", "program"), ("solver", "simulated"),
    }  # fmt: skip


@pytest.mark.usefixtures("profiles")
@pytest.mark.parametrize("wanted", registry.registrations(), ids=lambda r: f"{r.role}-{r.name}")
def test_that_every_backend_says_of_itself_what_it_is_registered_as(wanted: registry.Registration) -> None:
    spec = wanted.create({}).spec
    assert (spec.role, spec.name) == (wanted.role, wanted.name)
    assert wanted.title
    assert wanted.options_schema()["type"] == "object"


def _python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"import sys; sys.path[:0] = [{str(folder)!r}, *{sys.path!r}]\n"
    return subprocess.run(
        [sys.executable, "-c", path + textwrap.dedent(code)], capture_output=True, text=True, check=False
    )


def _install_plugin(folder: Path, name: str, module: str, code: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(textwrap.dedent(code))
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[hopchain.backends]\n{name} = {module}\n")


PLUGIN = """
    from hopchain_core.backends.registry import NoOptions, register

    @register("segmenter", "{name}", title="Another one")
    def make(options: NoOptions):
        raise AssertionError("not made when listed")
"""


def test_that_an_installed_package_adds_its_backends(tmp_path: Path) -> None:
    _install_plugin(tmp_path, "plug", "plug_backends", PLUGIN.format(name="plugged"))
    listed = _python(
        """
        from hopchain_core.backends import registry
        print([r.name for r in registry.registrations("segmenter")])
        """,
        tmp_path,
    )
    assert listed.stdout.strip() == "['annotations', 'plugged', 'sam3']", listed.stderr


def test_that_a_package_cannot_take_a_name_of_ours(tmp_path: Path) -> None:
    _install_plugin(tmp_path, "plug", "plug_backends", PLUGIN.format(name="annotations"))
    code = """
        from hopchain_core.backends import registry
        from hopchain_core.errors import InputError
        for _ in range(2):
            try:
                registry.create("segmenter", "annotations")
            except InputError as error:
                print(error.line)
        """
    clash = "Both hopchain_core.backends.builtin and plug_backends register the segmenter annotations."
    listed = _python(code, tmp_path)
    assert listed.stdout.splitlines() == [f"{clash} Uninstall one of them."] * 2, listed.stderr


def test_that_a_broken_package_does_not_take_the_others_away(tmp_path: Path) -> None:
    _install_plugin(tmp_path, "broken", "broken_backends", "1 / 0")
    listed = _python(
        """
        from hopchain_core.backends import registry
        print(registry.create("segmenter", "annotations").spec.name)
        """,
        tmp_path,
    )
    assert listed.stdout.strip() == "annotations", listed.stderr
    assert "broken_backends cannot be loaded" in listed.stderr


def test_that_listing_backends_imports_none_of_them(tmp_path: Path) -> None:
    code = """
        import sys
        from hopchain_core.backends import registry
        registry.registrations()
        print(sorted(m for m in sys.modules if m.startswith("hopchain_core.backends")))
        """
    listed = _python(code, tmp_path)
    assert listed.stdout.strip() == str(
        ["hopchain_core.backends", "hopchain_core.backends.builtin", "hopchain_core.backends.protocols",
         "hopchain_core.backends.registry"]
    ), listed.stderr  # fmt: skip
