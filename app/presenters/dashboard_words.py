"""A project in figures as rows of charts, each with its sentence and where the list behind it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.models.chain_words import KIND_WORDS as HOP_KIND_WORDS
from app.models.status_words import STATUS_WORDS, counted, stage_word
from hopchain_core.domain.chains import HopKind, Level
from hopchain_core.domain.overview import Guessing, Loss, Step, guessing, per_record
from hopchain_core.domain.status import ChainStatus
from hopchain_core.project import HopFigures, PicturePlace, ProjectFigures

COMMONEST = 10
"""So many answers are named. Chosen."""
_STEPS = {
    "files": "Files found",
    "pictures": "Pictures taken in",
    "with_instances": "With three instances or more",
    "with_chain": "With a chain",
    "drafts": "Drafts",
    "chains": "Chains kept",
    "sound": "Sound",
    "hard": "Hard enough",
    "labelled": "With a label",
    "records": "Records",
}
_PLACES = {
    PicturePlace.FAILING: "a stage fails on them",
    PicturePlace.NOT_SEGMENTED: "not segmented yet",
    PicturePlace.NO_INSTANCE: "without any instance",
    PicturePlace.FEW_INSTANCES: "with one or two instances",
    PicturePlace.NOT_COMPOSED: "not composed yet",
    PicturePlace.NO_CHAIN_KEPT: "no draft over them was kept",
}
_LOST_AS = {
    ChainStatus.UNAUDITED: "not audited yet",
    ChainStatus.REFUSED: "refused by a rule",
    ChainStatus.REJECTED: "rejected by a curator",
    ChainStatus.TOO_EASY: "too easy: the weaker model solves them too often",
    ChainStatus.TOO_HARD: "too hard: the weaker model solves them too seldom",
    ChainStatus.AWAITING: "waiting for people",
    ChainStatus.DISPUTED: "disputed or refused by people",
}
_LEFT_OUT = {
    "by_construction": "by construction alone, which an export may take",
    "simulated": "difficulty simulated, which an export may take",
}
_MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Lead:
    """Where the list behind a figure is.

    Attributes:
        space: Id of the space; empty for none.
        where: What `Studio.go` is told.
        places: Pictures that have to be looked up first.
        statuses: As `places`, chains that stand so.
        numbers: Chains or pictures that are known already.
        label: As `place`, chains with this label.
        hops: As `place`, chains of so many hops.
        person: As `place`, chains that this person answered.
        words: What the list is called.
    """

    space: str = ""
    where: tuple[tuple[str, Any], ...] = ()
    places: tuple[PicturePlace, ...] = ()
    statuses: tuple[ChainStatus, ...] = ()
    numbers: tuple[int, ...] = ()
    label: str = ""
    hops: int = 0
    person: str = ""
    words: str = ""

    @property
    def is_looked_up(self) -> bool:
        """The numbers are read first."""
        return bool(self.places or self.statuses or self.label or self.hops or self.person)


NOWHERE = Lead()


@dataclass(frozen=True, slots=True)
class FunnelLine:
    """One line of the funnel.

    Attributes:
        name: What it is.
        count: How many.
        whole: How many there were at the beginning of its part; 0 for a head.
        words: In a sentence; empty for a head.
        is_loss: Lost on the way to the step under it.
        is_open: Something is still to be done with them.
        lead: The list behind it.
    """

    name: str
    count: int = 0
    whole: int = 0
    words: str = ""
    is_loss: bool = False
    is_open: bool = False
    lead: Lead = NOWHERE


def percent(share: float) -> str:
    """A share for people: 38 %, with a space that does not break."""
    return f"{share:.0%}".replace("%", "\N{NO-BREAK SPACE}%")


def seconds_words(seconds: float) -> str:
    """A duration for people: 4 ms, 3.2 s, 5 min, 2 h 10 min."""
    if seconds < 1:
        return f"{1000 * seconds:.0f} ms" if seconds >= 0.0005 else "0 s"
    if seconds < 60:
        return f"{seconds:.1f} s" if seconds < 10 else f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60:,} h {minutes % 60} min"


def funnel_lines(figures: ProjectFigures) -> list[FunnelLine]:
    """The way from files to labels; a picture may give many drafts and several chains, so the count begins anew with each."""
    lines = [FunnelLine("Pictures")]
    lines += _part(figures.pictures, "picture")
    lines.append(FunnelLine("Chains"))
    lines += _part(figures.chains[:1], "draft")
    lines += _part(figures.chains[1:], "chain")
    return lines


def _part(steps: tuple[Step, ...], unit: str) -> list[FunnelLine]:
    lines: list[FunnelLine] = []
    whole = steps[0].count if steps else 0
    for step in steps:
        lines += _losses(step)
        name = _STEPS[step.name]
        words = f"{name}: {counted(step.count, 'file' if step.name == 'files' else unit)}"
        if whole:
            words += f", {percent(step.count / whole)} of {whole:,}"
        lines.append(FunnelLine(name, step.count, max(1, whole), words, lead=_lead_of_step(step.name)))
    return lines


def _losses(step: Step) -> list[FunnelLine]:
    named = step.losses[:_MOST_REASONS] if len(step.losses) > _MOST_REASONS + 1 else step.losses
    lines = []
    for loss in named:
        name, lead = _loss_words(loss)
        lines.append(
            FunnelLine(name, loss.count, 1, f"{loss.count:,} {name}", is_loss=True, is_open=loss.is_open, lead=lead)
        )
    rest = step.losses[len(named) :]
    if rest:
        count = sum(loss.count for loss in rest)
        name = f"for {len(rest)} other reasons"
        lead = _loss_words(rest[0])[1]
        lines.append(FunnelLine(name, count, 1, f"{count:,} {name}", is_loss=True, lead=lead))
    return lines


def _loss_words(loss: Loss) -> tuple[str, Lead]:
    kind, _, reason = loss.reason.partition(".")
    if kind == "file":
        return f"files refused: {_plain(reason)}", NOWHERE
    if kind == "draft":
        return f"drafts refused: {_plain(reason)}", Lead("pipeline", (("stage", "compose"),))
    if kind == "export":
        return _LEFT_OUT[reason], Lead("export")
    if loss.reason in set(PicturePlace):
        place = PicturePlace(loss.reason)
        if place is PicturePlace.FAILING:
            return _PLACES[place], Lead("library", (("failing", True),))
        return _PLACES[place], Lead("library", places=(place,), words=_PLACES[place])
    status = ChainStatus(loss.reason)
    return _LOST_AS.get(status, STATUS_WORDS[status].text.lower()), Lead("chains", (("status", status),))


def _lead_of_step(name: str) -> Lead:
    if name == "pictures":
        return Lead("library", (("text", ""),))
    if name == "with_chain":
        return Lead("library", places=(PicturePlace.WITH_CHAIN,), words="with a chain")
    if name == "with_instances":
        enough = (PicturePlace.WITH_CHAIN, PicturePlace.NOT_COMPOSED, PicturePlace.NO_CHAIN_KEPT)
        return Lead("library", places=enough, words="with three instances or more")
    if name in ("sound", "hard"):
        out = {ChainStatus.UNAUDITED, ChainStatus.REFUSED, ChainStatus.REJECTED}
        if name == "hard":
            out |= {ChainStatus.TOO_EASY, ChainStatus.TOO_HARD}
        left = tuple(status for status in ChainStatus if status not in out)
        return Lead("chains", statuses=left, words="sound" if name == "sound" else "sound and hard enough")
    if name == "chains":
        return Lead("chains", (("text", ""),))
    if name in ("labelled", "records"):
        return Lead("export")
    return NOWHERE


def _plain(reason: str) -> str:
    return reason.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Row:
    """One bar.

    Attributes:
        name: At the left.
        value: Length of the bar.
        figure: At the right.
        words: In a sentence.
        lead: The list behind it.
        interval: Lowest and highest value that the data allow.
        tone: A colour of the tokens.
    """

    name: str
    value: float
    figure: str
    words: str
    lead: Lead = NOWHERE
    interval: tuple[float, float] | None = None
    tone: str = "accent"


def answer_rows(figures: ProjectFigures) -> tuple[Guessing, list[Row]]:
    """The commonest labels."""
    found = guessing(figures.labels, COMMONEST)
    rows = [
        Row(
            text,
            count,
            f"{count:,}",
            f"The answer is {text} in {counted(count, 'chain')}, {percent(count / found.total)} of {found.total:,}",
            Lead("chains", label=text, words=f"the answer is {text}"),
        )
        for text, count in found.commonest
    ]
    return found, rows


def guessing_sentence(found: Guessing, most: float) -> str:
    """What guessing the commonest number reaches, in a sentence."""
    if not found.total:
        return "There are no sound chains yet."
    low, high = found.reach.interval
    told = (
        f"Always saying {found.commonest[0][0]} would be right {percent(found.reach.value)} of the time"
        f" ({percent(low)} to {percent(high)})."
    )
    if found.others:
        told += f" {counted(found.others, 'other number')} below."
    if found.reach.value > most:
        told += f" Aim at {percent(most)} or less."
    return told


def hop_rows(hops: HopFigures) -> list[Row]:
    """What hops are made of: levels and kinds."""
    whole = max(1, hops.hops)
    levels = {Level.ONE_OBJECT: "One object", Level.SEVERAL: "Several objects", None: "Only calculates"}

    def row(what: Level | HopKind | None, name: str, count: int, more: str = "") -> Row:
        words = f"{name}: {counted(count, 'hop')} of {hops.hops:,}, {percent(count / whole)}"
        lead = Lead("chains", numbers=hops.having.get(what, ()), words=f"with a hop: {name.lower()}")
        return Row(name, count, percent(count / whole), f"{words}{more}", lead)

    found = [row(level, name, hops.levels[level]) for level, name in levels.items() if hops.levels.get(level)]
    for kind, count in hops.kinds.items():
        name, meaning = HOP_KIND_WORDS[kind]
        found.append(row(kind, name, count, f". {meaning}"))
    return found


def cost_rows(figures: ProjectFigures) -> list[Row]:
    """What stages have cost, in the order of the flow, those without a second left out."""
    order = ("ingest", "categorize", "segment", "compose", "audit", "solve", "decide")
    stages = sorted(figures.stages, key=lambda c: order.index(c.stage) if c.stage in order else len(order))
    rows = []
    for cost in stages:
        each = per_record(cost.seconds, figures.records)
        name = stage_word(cost.stage)
        words = f"{name}: {seconds_words(cost.seconds)} for {counted(cost.items, 'item')}"
        if each is not None:
            words += f", {seconds_words(each)} a record"
        lead = Lead("pipeline", (("stage", cost.stage),))
        rows.append(Row(name, cost.seconds, seconds_words(cost.seconds), words, lead))
    return rows
