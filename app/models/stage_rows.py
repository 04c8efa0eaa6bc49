"""What the pipeline shows of each stage: where it stands by the project, and what its run says since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from app.models.spans import NONE, rate_text, span_text
from app.models.status_words import stage_word
from hopchain_core.project import ORDER, Plan, StageStanding

PEOPLE = "annotate"
"""The stage that people do; no run has it."""
INGEST = "ingest"
"""How pictures come in; no run has it."""
STAGE_ICONS = {
    INGEST: "import",
    "categorize": "tag",
    "segment": "instances",
    "compose": "chains",
    "audit": "search",
    PEOPLE: "people",
    "solve": "difficulty",
    "decide": "adjudicate",
}


class StageState(StrEnum):
    """What a stage does now."""

    DONE = "done"
    OWED = "owed"
    FAILED = "failed"
    RUNNING = "running"
    CANCELLING = "cancelling"
    WAITING = "waiting"
    MISSING = "missing"
    EMPTY = "empty"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """What the run that goes on says of one stage.

    Attributes:
        owed: Items it began with.
        before: Items done before it began.
        done: Items done in it.
        failed: Items failed in it.
        failed_before: Items that failed before and are not tried again.
        is_over: It has ended.
    """

    owed: int
    before: int
    done: int = 0
    failed: int = 0
    failed_before: int = 0
    rate_per_s: float = 0.0
    remaining_s: float | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Where the answers of people stand: chains that wait for them, chains they have dealt with, answers given."""

    awaiting: int = 0
    decided: int = 0
    answers: int = 0
    wanted_each: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What came in: pictures taken, files refused, and the most frequent reasons with how many files each has."""

    taken: int = 0
    refused: int = 0
    reasons: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """One row of the pipeline.

    Attributes:
        stage: Its name; `PEOPLE` for the row of people.
        title: Shown.
        by: Backend and model, or what it is done by.
        is_simulated: Its backend makes its replies up.
        state: What it does now.
        state_text: The same in a word or two.
        rate: Items in some time.
        left: Time to the end, or after which stage it begins.
        share_done: Of all items wanted, in [0, 1].
        share_failed: Likewise.
        missing: Why it cannot run here; empty when it can.
        trouble: Why its model cannot be used, which can be mended here; also in `missing`.
        note: What its model does now, or why the last run gave up.
        is_warning: The note is about something that went wrong.
        is_certain: False when an earlier stage owes something, so that more may come.
    """

    stage: str
    title: str
    by: str
    is_simulated: bool
    state: StageState
    state_text: str
    owed: int
    done: int
    failed: int
    rate: str = NONE
    left: str = NONE
    share_done: float = 0.0
    share_failed: float = 0.0
    missing: str = ""
    trouble: str = ""
    note: str = ""
    is_warning: bool = False
    is_certain: bool = True

    @property
    def is_running(self) -> bool:
        """Whether it runs at this moment."""
        return self.state in (StageState.RUNNING, StageState.CANCELLING)

    @property
    def sentence(self) -> str:
        """For screen readers."""
        parts = [self.title, self.state_text, self.by, "simulated" if self.is_simulated else ""]
        parts += [f"{self.owed:,} owed", f"{self.done:,} done", f"{self.failed:,} failed"]
        parts += [f"rate {self.rate}" if self.rate != NONE else "", f"{self.left} left" if self.left != NONE else ""]
        parts.append(self.note or self.missing)
        return ", ".join(filter(None, parts))


_NOTHING = Intake()
_NONE_SAID: Mapping[str, str] = {}


def stage_rows(
    plan: Plan | None,
    people: People,
    live: Mapping[str, Live],
    running: Sequence[str],
    current: str,
    *,
    is_cancelling: bool = False,
    intake: Intake = _NOTHING,
    troubles: Mapping[str, str] = _NONE_SAID,
    notes: Mapping[str, str] = _NONE_SAID,
    gave_up: Mapping[str, str] = _NONE_SAID,
) -> tuple[StageRow, ...]:
    """All rows in the order of the flow.

    Args:
        plan: Where stages stand by the project; None while that is being found out.
        people: Where the answers of people stand.
        live: What the run that goes on says, by stage.
        running: Stages of the run that goes on, in order; empty when none does.
        current: The one of them that is at work.
        is_cancelling: A person asked it to stop.
        intake: What came in.
        troubles: Why the models of stages cannot be used.
        notes: What the models of stages that run do.
        gave_up: Why the last runs of stages gave up.
    """
    standings = {s.stage: s for s in plan.stages} if plan is not None else {}
    rows = [_intake_row(intake)]
    for stage in ORDER:
        if stage == "solve":
            rows.append(_people_row(people))
        row = _row(
            stage,
            standings.get(stage),
            live.get(stage),
            running,
            current,
            is_cancelling=is_cancelling,
            trouble=troubles.get(stage, ""),
        )
        is_quiet = stage in running or row.trouble
        gave = "" if is_quiet else gave_up.get(stage, "")
        note = notes.get(stage, "") if row.is_running else gave
        rows.append(replace(row, note=note, is_warning=bool(gave)) if note else row)
    return tuple(rows)


def begun(row: StageRow | None, *, owed: int, done: int, retries: bool, is_partial: bool) -> Live:
    """What is known of a stage when its run begins.

    Args:
        row: How it stood.
        owed: Items the run will try.
        done: Items that are done, of those the run looks at.
        retries: It tries again what failed.
        is_partial: It looks at some pictures or chains only; the others still count as they stood.
    """
    failed = 0 if row is None else row.failed
    tried_again = min(failed, owed) if retries else 0
    if row is None or not is_partial:
        return Live(owed=owed, before=done, failed_before=failed - tried_again)
    return Live(owed=max(owed, row.owed + tried_again), before=max(done, row.done), failed_before=failed - tried_again)


def _row(
    stage: str,
    standing: StageStanding | None,
    live: Live | None,
    running: Sequence[str],
    current: str,
    *,
    is_cancelling: bool,
    trouble: str,
) -> StageRow:
    owed = standing.owed + standing.revived if standing else 0
    done, failed = (standing.done, standing.failed) if standing else (0, 0)
    rate, left, later = NONE, NONE, ""
    if live is not None:
        done = live.before + live.done
        failed = live.failed_before + live.failed
        owed = max(0, live.owed - live.done - live.failed)
    is_current = stage == current and stage in running
    is_waiting = stage in running and not is_current and (live is None or not live.is_over)
    if is_current and live is not None:
        rate, left = rate_text(live.rate_per_s), span_text(live.remaining_s)
    elif is_waiting:
        later = running[running.index(stage) - 1] if running.index(stage) else ""
        left = f"after {stage_word(later)}" if later else NONE
    whole = max(1, owed + done + failed)
    missing = trouble or (standing.missing if standing else "")
    state, text = _state(owed, done, failed, missing, is_current, is_waiting, is_cancelling, standing is None)
    return StageRow(
        stage=stage,
        title=stage_word(stage),
        by=_by(stage, standing),
        is_simulated=standing is not None and standing.is_simulated,
        state=state,
        state_text=text,
        owed=owed,
        done=done,
        failed=failed,
        rate=rate,
        left=left,
        share_done=done / whole,
        share_failed=failed / whole,
        missing=missing,
        trouble=trouble,
        is_certain=standing is None or standing.is_certain,
    )


def _state(
    owed: int,
    done: int,
    failed: int,
    missing: str,
    is_current: bool,
    is_waiting: bool,
    is_cancelling: bool,
    is_unknown: bool,
) -> tuple[StageState, str]:
    if is_current:
        return (StageState.CANCELLING, "Cancelling") if is_cancelling else (StageState.RUNNING, "Running")
    if is_waiting:
        return StageState.WAITING, "Waiting"
    if is_unknown:
        return StageState.EMPTY, ""
    if missing and owed:
        return StageState.MISSING, "Cannot run here"
    if owed:
        return StageState.OWED, "Not started" if not done else "Partly done"
    if failed:
        return StageState.FAILED, "Some failed" if done else "Failed"
    return (StageState.DONE, "Done") if done else (StageState.EMPTY, "Nothing to do yet")


def _by(stage: str, standing: StageStanding | None) -> str:
    if standing is None or not standing.backend:
        return {"audit": "rules", "decide": "policy"}.get(stage, "")
    return standing.backend if standing.model in ("", standing.backend) else f"{standing.model} · {standing.backend}"


def _intake_row(intake: Intake) -> StageRow:
    words = ", ".join(f"{reason.replace('_', ' ')} {count:,}" for reason, count in intake.reasons)
    return StageRow(
        stage=INGEST,
        title="Pictures",
        by=words if intake.refused else "taken in",
        is_simulated=False,
        state=StageState.PEOPLE,
        state_text="",
        owed=0,
        done=intake.taken,
        failed=intake.refused,
    )


def _people_row(people: People) -> StageRow:
    whole = max(1, people.awaiting + people.decided)
    answers = f"{people.answers:,} answer{'' if people.answers == 1 else 's'} so far"
    return StageRow(
        stage=PEOPLE,
        title="Annotate",
        by=f"{people.wanted_each} people each · {answers}",
        is_simulated=False,
        state=StageState.PEOPLE,
        state_text="People",
        owed=people.awaiting,
        done=people.decided,
        failed=0,
        share_done=people.decided / whole,
    )
