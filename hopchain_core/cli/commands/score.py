"""``hopchain score``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from hopchain_core.cli.commands.parameters import json_option, print_json
from hopchain_core.domain.answers import Answer, Unreadable
from hopchain_core.domain.statistics import wilson_interval
from hopchain_core.errors import InputError
from hopchain_core.export.folder import whole_file
from hopchain_core.rlvr.reward import read_answer


@click.command()
@click.argument("replies", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--records",
    type=click.Path(path_type=Path, dir_okay=False),
    help="records.jsonl of an export, where lines of REPLIES name an id in place of an answer.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Write a verdict for each line to FILE.")
@json_option
def score(replies: Path, records: Path | None, out: Path | None, as_json: bool) -> None:
    """Score a file of replies by the reward.

    REPLIES holds one JSON object a line with `reply`, and with `answer` or with the `id` of a record.
    """
    labels = {str(line["id"]): line.get("answer") for _, line in _lines(records, "id")} if records is not None else {}
    unread: Counter[Unreadable] = Counter()
    n = n_right = 0
    with ExitStack() as stack:
        stream = stack.enter_context(_sink(out, stack)) if out is not None else None
        for number, line in _lines(replies, "reply"):
            label = _label(line, labels, f"{replies.name}, line {number}")
            read = read_answer(str(line["reply"]))
            is_right = isinstance(read, Answer) and read.value == label.value
            n, n_right = n + 1, n_right + is_right
            if isinstance(read, Unreadable):
                unread[read] += 1
            if stream is not None:
                verdict = {
                    "line": number,
                    "id": line.get("id"),
                    "score": float(is_right),
                    "answer": label.text,
                    "read": read.text if isinstance(read, Answer) else None,
                    "unreadable": read.value if isinstance(read, Unreadable) else None,
                }
                stream.write(json.dumps(verdict, ensure_ascii=False) + "\n")
        if not n:
            raise InputError(f"{replies} holds no replies.", hint="Write one JSON object with `reply` on each line.")
    low, high = wilson_interval(n_right, n)
    if as_json:
        print_json(
            {
                "replies": n,
                "right": n_right,
                "accuracy": n_right / n,
                "interval": [low, high],
                "unreadable": {reason.value: count for reason, count in sorted(unread.items())},
            }
        )
        return
    click.echo(f"{n_right} of {n} replies are right: {n_right / n:.1%} (95 % interval {low:.1%} to {high:.1%})")
    for reason, count in unread.most_common():
        click.echo(f"  {count:>6}  no number read: {reason.value}")


def _sink(out: Path, stack: ExitStack) -> Any:
    return stack.enter_context(whole_file(out)).open("w", encoding="utf-8")


def _lines(path: Path, needed: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8") as stream:
            for number, text in enumerate(stream, 1):
                if text.strip():
                    yield number, _object(text, needed, f"{path.name}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}).") from error


def _object(text: str, needed: str, where: str) -> dict[str, Any]:
    try:
        line = json.loads(text)
    except ValueError as error:
        raise InputError(f"{where} is not JSON ({error}).") from error
    if not isinstance(line, dict) or needed not in line:
        raise InputError(f"{where} has no `{needed}`.", hint="Write one JSON object on each line.")
    return line


def _label(line: dict[str, Any], labels: dict[str, Any], where: str) -> Answer:
    answer = line["answer"] if "answer" in line else labels.get(str(line.get("id")))
    if answer is None:
        hint = "Give each line an `answer`, or name the records with --records."
        raise InputError(f"{where} has no `answer`, and no record has its id.", hint=hint)
    try:
        return Answer.of(str(answer))
    except ValueError as error:
        raise InputError(f"{where}: {error}.") from error
