"""``hopchain train-smoke``."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import click

import hopchain_core
from hopchain_core.backends.engines.setup import GUARD, python_of
from hopchain_core.cli.commands.parameters import json_option, print_json
from hopchain_core.errors import InputError, KnownError, PrerequisiteError
from hopchain_core.export.formats.names import Format
from hopchain_core.rlvr.smoke import MARK

ENGINE = "trl"
PYTHON = "HOPCHAIN_TRL_PYTHON"
"""Variable that names the Python of another environment with TRL."""
_LAST_LINES = 6


class SmokeFailedError(KnownError):
    """The trainer was asked and something speaks against training on this export."""


@click.command("train-smoke")
@click.argument("export", type=click.Path(path_type=Path))
@click.option("--python", default="", help="The Python of an environment with TRL; else what `models setup trl` made.")
@click.option(
    "--most",
    type=click.IntRange(min=1),
    default=200,
    show_default=True,
    help="Records whose prompts and pictures are looked at; the labels of all of them are.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Of the model's weights and replies.")
@json_option
def train_smoke(export: Path, python: str, most: int, seed: int, as_json: bool) -> None:
    """Show that a trainer can train on EXPORT, in seconds and without a GPU.

    EXPORT is a folder that `hopchain export --format trl` wrote. TRL loads it and takes two steps of GRPO with SAPO on a
    tiny vision-language model with random weights. It learns nothing; it shows that records, pictures, labels and the
    reward arrive.
    """
    export = export.expanduser().absolute()
    check_export(export)
    chosen = python or os.environ.get(PYTHON, "") or str(python_of(ENGINE) or "")
    if not chosen:
        raise PrerequisiteError(
            "TRL is not set up; it needs an environment of its own.",
            hint=f"Run: hopchain models setup {ENGINE}. Or name the Python of one that you have with --python.",
        )
    if shutil.which(chosen) is None:
        raise PrerequisiteError(f"{chosen} is no Python.", hint="Name another with --python.")
    seen, problems = run_smoke(export, chosen, most=most, seed=seed, is_quiet=as_json)
    if as_json:
        print_json({"export": str(export), **seen, "problems": problems})
    else:
        tell(seen)
    if problems:
        raise SmokeFailedError(" ".join(problems[:3]), hint="Do not train on this export before that is understood.")


def check_export(export: Path) -> None:
    """Refuses what is no export for TRL.

    Raises:
        InputError: It is not, or has no rows to train on.
    """
    again = f"Write one: hopchain export PROJECT {export} --format {Format.TRL}"
    try:
        manifest = json.loads((export / "manifest.json").read_text(encoding="utf-8"))
        form = str(manifest["terms"].get("format", Format.NATIVE))
    except FileNotFoundError as error:
        raise InputError(f"{export} is no export: it has no manifest.json.", hint=again) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{export / 'manifest.json'} cannot be read ({error}).", hint=again) from error
    if form != Format.TRL:
        raise InputError(f"{export} holds rows for {form}, and TRL trains here.", hint=again)
    if not any(export.glob("train*.jsonl")):
        raise InputError(f"{export} has no rows to train on: all of its records are for validation.", hint=again)


def run_smoke(
    export: Path, python: str, *, most: int, seed: int, is_quiet: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """Has the environment's Python do it, and says on the way how it goes.

    Args:
        export: Checked folder.
        python: Of an environment with TRL.
        most: Records to look at closely.
        seed: Of weights and replies.
        is_quiet: Say nothing on the way.

    Returns:
        What was seen, plain JSON, and what speaks against training.

    Raises:
        PrerequisiteError: The Python is not there, or lacks a package.
        SmokeFailedError: It failed on the way.
    """
    with tempfile.TemporaryDirectory(prefix="hopchain-smoke-") as name:
        work = Path(name)
        # Our package alone: whatever else lies beside it belongs to this Python and not to that one.
        (work / "ours").mkdir()
        (work / "ours" / "hopchain_core").symlink_to(Path(hopchain_core.__file__).parent, target_is_directory=True)
        command = [python, "-P", "-m", "hopchain_core.rlvr.smoke", str(export), str(work)]
        command += ["--most", str(most), "--seed", str(seed)]
        with (work / "log").open("w+", encoding="utf-8", errors="replace") as log:
            last = _follow(command, work, log, is_quiet=is_quiet)
            log.seek(0)
            lines = [line.strip() for line in log if line.strip()]
    if "seen" in last:
        return last["seen"], list(last["problems"])
    said = " | ".join(lines[-_LAST_LINES:]) or "It said nothing."
    failed = str(last.get("failed", ""))
    if not failed or failed.startswith(("ModuleNotFoundError", "ImportError")):
        raise PrerequisiteError(
            f"TRL does not run in the environment of {python}: {failed or said}",
            hint=f"Make it anew: hopchain models setup {ENGINE}",
        )
    hint = "If a picture is gone or the folder was moved, export again: rows name pictures by absolute paths."
    raise SmokeFailedError(f"The trainer failed: {failed}.", hint=hint)


def tell(seen: dict[str, Any]) -> None:
    """What was seen, in sentences."""
    check = seen["self_check"]
    losses = ", then ".join(f"{loss:.4f}" for loss in seen["losses"])
    click.echo(f"TRL {seen['versions']['trl']} was given {seen['records']} records.")
    click.echo(
        f"{seen['prompts']} prompts with {seen['pictures']} pictures went through the processor; the longest has "
        f"{seen['prompt_tokens']} tokens of the tiny model, where a letter is a token."
    )
    click.echo(
        f"The reward was right on {check['replies'] - len(check['mistakes'])} of {check['replies']} made-up replies to "
        f"{check['labels']} records: 1 for the record's number, 0 for others, for two at once and for none."
    )
    click.echo(
        f"It scored {seen['completions']} replies of the model, {seen['right']} of them right; a model with random weights "
        "hits no number, so a second reward stood in for it to give a gradient."
    )
    click.echo(
        f"Two SAPO steps: loss {losses}; {seen['changed']} of {seen['parameters']} tensors of weights changed, "
        f"{seen['changed_in_vision']} of them in the part that sees."
    )
    versions = ", ".join(f"{name} {version}" for name, version in seen["versions"].items())
    click.echo(f"{seen['seconds']:.0f} s, on the processor ({versions})")


def _follow(command: list[str], work: Path, log: Any, *, is_quiet: bool) -> dict[str, Any]:
    """The last line that the other side meant for us."""
    env = {
        **os.environ,
        "PYTHONPATH": str(work / "ours"),
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(work / "hf"),
        "CUDA_VISIBLE_DEVICES": "",
        "TOKENIZERS_PARALLELISM": "false",
    }
    last: dict[str, Any] = {}
    with subprocess.Popen(
        [sys.executable, str(GUARD), *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=env,
        cwd=work,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line.startswith(MARK):
                    last = json.loads(line.removeprefix(MARK))
                    if "did" in last and not is_quiet:
                        click.echo(f"  {last['did']}", err=True)
        finally:
            # Its guard ends the trainer with it, also when we were interrupted.
            process.stdin.close()
    return last
