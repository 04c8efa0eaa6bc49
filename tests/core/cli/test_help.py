"""Every command has help, and the README shows it."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from hopchain_core.cli.main import hopchain, run

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")
CONTEXT = click.Context(hopchain)
NAMES = hopchain.list_commands(CONTEXT)


def _command(name: str) -> click.Command:
    command = hopchain.get_command(CONTEXT, name)
    assert command is not None
    return command


@pytest.mark.parametrize("name", NAMES)
def test_that_a_command_has_help_and_stands_in_the_readme(name: str) -> None:
    command = _command(name)
    assert command.name == name
    assert command.help
    assert f"`hopchain {name}" in README


@pytest.mark.parametrize("name", NAMES)
def test_that_every_option_has_help(name: str) -> None:
    for parameter in _command(name).params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize("name", ["run", "export", "ingest"])
def test_that_the_readme_names_the_options_that_decide_what_comes_out(name: str) -> None:
    for parameter in _command(name).params:
        if isinstance(parameter, click.Option) and parameter.name not in ("as_json",):
            assert parameter.opts[0] in README, parameter.opts[0]


def test_that_the_readme_shows_the_two_commands_and_the_exit_codes() -> None:
    for text in ("make demo", "make test", "| 0 |", "| 1 |", "| 2 |", "| 3 |", "| 130 |"):
        assert text in README


def test_that_help_is_printed_for_the_whole_and_for_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(f"\n  {name} " in out for name in NAMES)
    for name in NAMES:
        assert run([name, "-h"]) == 0
        assert f"Usage: hopchain {name}" in capsys.readouterr().out


def test_that_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out.startswith("hopchain, version ")
