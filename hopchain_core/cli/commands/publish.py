"""``hopchain publish``."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from hopchain_core.cli.commands.parameters import json_option, print_json, progress_console
from hopchain_core.export.hub import Sent, send, token
from hopchain_core.export.public import Public, look_at

_SHOWN = 12


@click.command()
@click.argument("export_dir", type=click.Path(path_type=Path))
@click.option("--repo", required=True, metavar="OWNER/NAME", help="The data set on the hub.")
@click.option("--private", "is_private", is_flag=True, help="Only its owner may see it.")
@click.option("--replace", "replaces", is_flag=True, help="Take away other files that the repository holds.")
@click.option("--with-remarks", is_flag=True, help="Send what curators wrote of chains left out, too.")
@click.option("--dry-run", is_flag=True, help="Say what would be public and send nothing; so without --yes, too.")
@click.option("--yes", is_flag=True, help="Send it.")
@json_option
def publish(
    export_dir: Path,
    repo: str,
    is_private: bool,
    replaces: bool,
    with_remarks: bool,
    dry_run: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Send the export EXPORT_DIR to a hub; first say what would be public.

    Nothing is sent without --yes. Sending that was broken off goes on when the same command is given again. The token is
    taken from HF_TOKEN, the system's keyring or `hf auth login`; HF_ENDPOINT names another hub.
    """
    public = look_at(export_dir, with_remarks=with_remarks)
    sends = yes and not dry_run
    if not as_json:
        print_public(public, repo, is_private=is_private)
    sent = _send_with_bar(public, repo, is_private=is_private, replaces=replaces) if sends else None
    if as_json:
        print_json(_json(public, repo, sent, is_private=is_private))
    elif sent is None:
        click.echo("Nothing was sent. Give --yes to send it.")
    else:
        removed = f", {sent.removed} removed" if sent.removed else ""
        click.echo(f"sent {sent.sent} files, {sent.there} were there{removed}: {sent.url}")


def print_public(public: Public, repo: str, *, is_private: bool) -> None:
    """What would be public, and what to think about before."""
    who = "only its owner sees" if is_private else "everybody sees"
    click.echo(f"{repo} ({who}): {public.records} records over {public.pictures} pictures")
    click.echo(f"  {len(public.files)} files, {_size(public.size_bytes)}:")
    for file in sorted(public.files, key=lambda f: -f.size_bytes)[:_SHOWN]:
        click.echo(f"    {_size(file.size_bytes):>10}  {file.path}")
    rest = len(public.files) - _SHOWN
    if rest > 0:
        click.echo(f"    and {rest} more")
    if public.kept_back:
        click.echo(f"  {public.kept_back} files of pictures stay here: parquet holds them already")
    if public.remarks:
        click.echo(f"  {public.remarks} remarks of curators on chains left out stay here")
    click.echo("  licences of the pictures, by records:")
    for licence, n in sorted(public.licences.items(), key=lambda item: -item[1]):
        click.echo(f"    {n:>6}  {licence}")
    for warning in public.warnings:
        click.echo(f"  ! {warning}")


def _send_with_bar(public: Public, repo: str, *, is_private: bool, replaces: bool) -> Sent:
    console = progress_console()
    key = token()
    bar = Progress(
        TextColumn("  {task.description:<12}"),
        BarColumn(bar_width=28),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task("publish", total=public.size_bytes)
        return send(
            public,
            repo,
            token=key,
            is_private=is_private,
            replaces=replaces,
            tell=lambda done, total: bar.update(task, completed=done, total=total),
        )


def _json(public: Public, repo: str, sent: Sent | None, *, is_private: bool) -> dict[str, object]:
    return {
        "repo": repo,
        "private": is_private,
        "records": public.records,
        "pictures": public.pictures,
        "files": [{"path": f.path, "bytes": f.size_bytes, "sha256": f.sha256} for f in public.files],
        "bytes": public.size_bytes,
        "kept_back": public.kept_back,
        "remarks_kept_back": public.remarks,
        "licences": public.licences,
        "warnings": list(public.warnings),
        "sent": None
        if sent is None
        else {"url": sent.url, "sent": sent.sent, "there": sent.there, "removed": sent.removed},
    }


def _size(size: int) -> str:
    for unit, worth in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if size >= worth:
            return f"{size / worth:.1f} {unit}"
    return f"{size} B"
