"""Events on the terminal, in logs and as JSON."""

from __future__ import annotations

import io
import json

import pytest
from rich.console import Console

from hopchain_core.cli.progress import Bars, JsonLines, PlainLines, duration, event_sink
from hopchain_core.domain.provenance import RunOutcome
from hopchain_core.jobs.events import (
    CardMemory,
    Event,
    ItemDone,
    ItemFailed,
    ModelPace,
    RunEnded,
    RunProgress,
    RunStarted,
    ServerChanged,
    ServerState,
    ServerWrote,
)

EVENTS: tuple[Event, ...] = (
    RunStarted(stage="solve", run_id=5, backend="simulated", is_simulated=True, owed=3, already_done=2),
    ItemDone(stage="solve", run_id=5, item_key="a", subject="f" * 64, outputs=8, refused=0, seconds=0.1),
    ItemFailed(
        stage="solve",
        run_id=5,
        item_key="b",
        subject="0123456789abcdef01",
        error_kind="backend",
        error_text="the server\nis gone [red]",
        seconds=0.1,
    ),
    RunProgress(stage="solve", run_id=5, done=2, failed=1, owed=3, rate_per_s=12.5, remaining_s=4.0),
    RunEnded(stage="solve", run_id=5, outcome=RunOutcome.FAILED_ITEMS, done=2, failed=1, seconds=1.5),
)


def _console(*, terminal: bool) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(file=stream, force_terminal=terminal, width=100, color_system=None), stream


def test_that_json_lines_are_one_event_each(capsys: pytest.CaptureFixture[str]) -> None:
    with JsonLines() as sink:
        for event in EVENTS:
            sink(event)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines] == [
        "run_started", "item_done", "item_failed", "run_progress", "run_ended",
    ]  # fmt: skip
    assert lines[4]["outcome"] == "failed_items"


def test_that_a_log_gets_a_line_for_each_failure_and_each_stage() -> None:
    console, stream = _console(terminal=False)
    with event_sink(console, as_json=False) as sink:
        for event in EVENTS:
            sink(event)
    assert isinstance(sink, PlainLines)
    assert stream.getvalue().splitlines() == [
        "  ! solve 0123456789abcdef: backend: the server is gone [red]",
        "  solve       2 done, 2 before, 1 failed in 1.5 s by simulated",
    ]


def test_that_servers_and_their_lines_are_told() -> None:
    console, stream = _console(terminal=False)
    with event_sink(console, as_json=False) as sink:
        sink(ServerChanged(stage="compose", server="author", kind="vllm", state=ServerState.STARTING))
        sink(ServerWrote(stage="compose", server="author", kind="vllm", line="Loading weights [3/9]"))
        sink(ModelPace(stage="compose", server="author", tokens_per_s=812.0))
        sink(ServerChanged(stage="compose", server="author", kind="vllm", state=ServerState.DIED, text="no memory"))
    assert stream.getvalue().splitlines() == [
        "  · author (vllm) starting",
        "    author: Loading weights [3/9]",
        "  ! author (vllm) died: no memory",
    ]


def test_that_json_tells_of_servers_and_their_pace(capsys: pytest.CaptureFixture[str]) -> None:
    card = CardMemory(number=0, name="A card", used_mib=10, total_mib=20)
    with JsonLines() as sink:
        sink(ServerChanged(stage="solve", server="weak", kind="vllm", state=ServerState.ASLEEP))
        sink(ModelPace(stage="solve", server="weak", tokens_per_s=9.5, cards=(card,)))
    changed, pace = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (changed["event"], changed["state"]) == ("server_changed", "asleep")
    assert (pace["tokens_per_s"], pace["cards"][0]["total_mib"]) == (9.5, 20)


def test_that_a_terminal_gets_bars_that_are_gone_at_the_end() -> None:
    console, stream = _console(terminal=True)
    with event_sink(console, as_json=False) as sink:
        assert isinstance(sink, Bars)
        for event in EVENTS[:4]:
            sink(event)
        sink._progress.refresh()
        during = stream.getvalue()
        sink(EVENTS[4])
    assert "3/3" in during
    assert "12.5/s, 4.0 s left" in during
    assert "2 done, 2 before, 1 failed" in stream.getvalue()


def test_that_a_stage_that_was_cancelled_says_so() -> None:
    console, stream = _console(terminal=False)
    PlainLines(console)(RunEnded(stage="compose", run_id=1, outcome=RunOutcome.CANCELLED, done=4, failed=0, seconds=2))
    assert stream.getvalue() == "  compose     4 done in 2.0 s; cancelled\n"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (9.94, "9.9 s"), (42.3, "42 s"), (125, "2 min 05 s"), (7300, "2 h 01 min")],
)
def test_that_durations_read_like_speech(seconds: float, text: str) -> None:
    assert duration(seconds) == text
