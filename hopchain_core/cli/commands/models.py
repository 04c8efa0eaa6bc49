"""``hopchain models``: the model profiles of whoever sits here."""

from __future__ import annotations

import asyncio
import json
import shlex
import shutil
import time
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.table import Table

from hopchain_core.backends.engines.checkout import checked
from hopchain_core.backends.engines.setup import ENGINES, checkout_of, folder_of, python_of, set_up
from hopchain_core.backends.servers.news import ServerState
from hopchain_core.cli.commands.parameters import console, json_option, print_json
from hopchain_core.errors import BackendError, InputError, PrerequisiteError
from hopchain_core.profiles.book import ProfileBook, read_profile
from hopchain_core.profiles.keys import store_key
from hopchain_core.profiles.presets import presets
from hopchain_core.profiles.profile import EndpointProfile, Profile

_LOOK_AGAIN_S = 0.2

name_argument = click.argument("name")


@click.group()
def models() -> None:
    """Say which models there are and where.

    Profiles are kept in your own settings and never in a project. `hopchain run --solver NAME` uses one.
    """


@models.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the profiles."""
    from hopchain_core.backends.servers.started import every_started

    book = ProfileBook()
    profiles = book.all()
    running = {server.name: server for server in every_started()}
    if as_json:
        servers = [
            {"name": s.name, "state": s.state.value, "url": s.url, "pid": s.pid, "is_used": s.is_used}
            for s in running.values()
        ]
        rows = [p.model_dump(mode="json") for p in profiles]
        print_json({"file": str(book.path), "profiles": rows, "servers": servers})
        return
    if not profiles:
        click.echo(
            "no model profiles yet. Add one: hopchain models add NAME --url http://127.0.0.1:8000/v1 --model MODEL"
        )
        return
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0))
    for column in ("name", "kind", "model", "where", "server", "note"):
        table.add_column(column)
    for profile in profiles:
        there = running.get(profile.name)
        server = f"{there.state.value} {there.url}".strip() if there is not None else ""
        table.add_row(profile.name, profile.kind, profile.model, _where(profile), server, profile.note)
    console().print(table)


@models.command()
@name_argument
@click.option("--url", help="Base of a server somebody else starts, such as http://127.0.0.1:8000/v1.")
@click.option("--model", help="The name it is served under; else a local folder or a name on the hub.")
@click.option(
    "--kind", type=click.Choice(["endpoint", "vllm", "transformers", "sam3"]), help="endpoint if a URL is given."
)
@click.option("--label", help="The model's name for records.")
@click.option("--key", help="Where its key is: env:NAME, or keyring. Never the key itself.")
@click.option("--python", help="The Python of the environment the engine is installed in.")
@click.option("--device", help="auto, cpu, cuda, cuda:1…")
@click.option("--note", help="What it is for.")
@click.option(
    "--set", "fields", multiple=True, metavar="FIELD=VALUE", help="Any other field of the profile; lists as words."
)
def add(name: str, fields: tuple[str, ...], **given: str | None) -> None:
    """Add a profile, or replace the one of this name."""
    data: dict[str, Any] = {"name": name, **{field: value for field, value in given.items() if value is not None}}
    data.setdefault("kind", "endpoint" if "url" in data else None)
    if data["kind"] is None:
        raise click.UsageError("Say --url for a server, or --kind vllm, transformers or sam3.")
    for pair in fields:
        field, equals, value = pair.partition("=")
        if not equals:
            raise click.BadParameter(f"{pair!r} is not FIELD=VALUE")
        data[field.strip()] = _read_value(str(data["kind"]), field.strip(), value.strip())
    profile = read_profile(data)
    ProfileBook().put(profile)
    click.echo(f"added {profile.name} ({profile.kind}, {profile.model})")


@models.command()
@click.argument("preset", required=False)
@click.option("--python", help="The Python of the environment vLLM is installed in; else what `setup vllm` made.")
def preset(preset: str | None, python: str | None) -> None:
    """Add the profiles of a set-up, or list the set-ups there are."""
    every = {p.name: p for p in presets(python or str(python_of("vllm") or ""))}
    if preset is None:
        for found in every.values():
            click.echo(f"{found.name}\n  {found.title}\n  needs {found.needs}")
            for profile in found.profiles:
                click.echo(f"  {profile.name}: {profile.model}")
        return
    if preset not in every:
        raise InputError(f"There is no set-up called {preset!r}.", hint=f"There is: {', '.join(every)}.")
    book = ProfileBook()
    for profile in every[preset].profiles:
        book.put(profile)
    click.echo(f"added {', '.join(p.name for p in every[preset].profiles)}. Needs {every[preset].needs}.")


@models.command()
@click.argument("engine", type=click.Choice(list(ENGINES)))
@click.option(
    "--from",
    "checkout",
    type=click.Path(path_type=Path),
    help="For sam3-native: the folder that Meta's sam3 was cloned into. It stays in use there.",
)
@click.option("--python", default="", help="The Python to make the environment with; else the one that runs this.")
@click.option("--index-url", help="Another index than PyPI, such as one with builds for the processor.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def setup(engine: str, checkout: Path | None, python: str, index_url: str | None, yes: bool) -> None:
    """Make an environment for an engine, with the versions that were tried together.

    Engines are kept apart from each other and from this program, because their packages clash. Of sam3-native, Meta's
    own package, no index has its authors' release: say --from a checkout of it.
    """
    chosen = ENGINES[engine]
    if checkout is not None and not chosen.checkout:
        raise click.UsageError(f"{engine} comes from the package index; --from is for sam3-native.")
    folder = folder_of(engine)
    if chosen.checkout:
        # Before anything is asked or downloaded.
        checkout = checked(engine, chosen.checkout, checkout or checkout_of(engine))
    click.echo(f"{chosen.title}: {', '.join((*chosen.packages, *([str(checkout)] if checkout else [])))}")
    click.echo(f"into {folder}, about {chosen.gigabytes:g} GB with CUDA; {free_gigabytes(folder):.0f} GB are free")
    if not yes:
        click.confirm("go on?", abort=True)
    index = ("--index-url", index_url) if index_url else ()
    made = set_up(chosen, lambda line: click.echo(f"  {line}"), checkout=checkout, python=python, pip_arguments=index)
    click.echo(f"ready: {made}")
    book = ProfileBook()
    for profile in book.all():
        if profile.engine == engine and not getattr(profile, "python", ""):
            book.put(profile.model_copy(update={"python": str(made)}))
            click.echo(f"profile {profile.name} uses it now")


@models.command()
@name_argument
@click.option(
    "--detach", is_flag=True, help="Leave it running until `hopchain models stop`, and return once it is ready."
)
def start(name: str, detach: bool) -> None:
    """Start the vLLM server of a profile and keep it until Ctrl-C, with its log.

    Runs that use the profile find it and start none of their own. It gives way on its card to another stage while
    nobody uses it: it sleeps where its profile says so, else it stops until it is used again.
    """
    from hopchain_core.backends.servers import started
    from hopchain_core.backends.servers.keeper import Keeper, keep

    profile = started.may_start(ProfileBook().get(name))
    if not detach:
        keeper = Keeper(profile, on_line=click.echo, on_state=partial(_say_state, profile.name))
        asyncio.run(keep(keeper))
        return
    started.launch(profile)
    shown = 0
    there: started.StartedServer | None = started.await_appearance(profile.name)
    while there is not None:
        lines = started.last_log_lines(profile.name, 100_000)
        for line in lines[shown:]:
            click.echo(line)
        shown = len(lines)
        if there.state is ServerState.READY:
            click.echo(f"{profile.name} runs at {there.url}. Stop it: hopchain models stop {profile.name}")
            return
        time.sleep(_LOOK_AGAIN_S)
        there = started.started(profile.name)
    last = next(
        (line for line in reversed(started.last_log_lines(profile.name)) if line.startswith("error: ")), ""
    ).removeprefix("error: ")
    raise PrerequisiteError(f"{profile.name} ended before it was ready. {last}", hint="See its log above.")


@models.command()
@name_argument
def stop(name: str) -> None:
    """Stop the server of a profile that was started."""
    from hopchain_core.backends.servers import started

    there = next((server for server in started.every_started() if server.name.casefold() == name.casefold()), None)
    if there is None or not started.stop(there.name):
        raise InputError(f"No server of {name} was started.", hint="See which run: hopchain models list")
    click.echo(f"stopped {there.name}")


@models.command()
@name_argument
def remove(name: str) -> None:
    """Take a profile out."""
    click.echo(f"removed {ProfileBook().remove(name).name}")


@models.command()
@name_argument
def key(name: str) -> None:
    """Put an endpoint's key into the system's keyring; it is asked for and not shown."""
    book = ProfileBook()
    profile = _endpoint(book.get(name))
    store_key(profile, click.prompt("key", hide_input=True, default="", show_default=False))
    book.put(profile.model_copy(update={"key": "keyring"}))
    click.echo(f"stored the key of {profile.name}")


@models.command()
@name_argument
@json_option
def check(name: str, as_json: bool) -> None:
    """Ask a server a few tiny questions and note what it can do."""
    from hopchain_core.models import check_profile, endpoint

    profile = endpoint(name)
    try:
        found = asyncio.run(check_profile(name))
    except BackendError as error:
        raise PrerequisiteError(str(error)) from error
    abilities = found.can.model_dump()
    if as_json:
        data = {"served": list(found.served), "seconds": round(found.seconds, 3), "can": abilities}
        print_json({**data, "problems": dict(found.problems)})
        return
    click.echo(f"{profile.name} answers ({found.seconds:.1f} s)")
    context = abilities.pop("context_tokens")
    for ability, is_there in abilities.items():
        problem = found.problems.get(ability, "")
        click.echo(
            f"  {'yes' if is_there else 'no ':3}  {ability.replace('_', ' ')}{f'  ({problem})' if problem else ''}"
        )
    click.echo(f"  context of {context} tokens" if context else "  it does not say how long its context is")


def free_gigabytes(folder: Path) -> float:
    """Room on the disk that a folder is or will be on."""
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    return shutil.disk_usage(there).free / 1e9


def _read_value(kind: str, field: str, text: str) -> Any:
    """What a field is given on the command line: a list as words or JSON, an object as JSON, else the text."""
    from hopchain_core.models import schema_of

    type_ = schema_of(kind)["properties"].get(field, {}).get("type")
    try:
        if type_ == "object" or (type_ == "array" and text.startswith("[")):
            return json.loads(text)
        if type_ == "array":
            # Numbers of cards are also written 0,1.
            return shlex.split(text.replace(",", " ") if field == "devices" else text)
    except ValueError as error:
        raise click.BadParameter(f"{field} cannot be read from {text!r}: {error}") from error
    return text


def _endpoint(profile: Profile) -> EndpointProfile:
    if not isinstance(profile, EndpointProfile):
        raise InputError(f"{profile.name} is no endpoint but {profile.kind}.", hint="Choose one with an address.")
    return profile


def _say_state(name: str, state: ServerState, text: str) -> None:
    at = "at " if state is ServerState.READY else ""
    click.echo(f"{name} {state.value}{f': {at}{text}' if text else ''}")


def _where(profile: Profile) -> str:
    if isinstance(profile, EndpointProfile):
        return profile.url
    return profile.python or "this Python"
