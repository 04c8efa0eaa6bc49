"""A chain hop by hop, so that a person can follow it with the picture beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hopchain_core.domain.chains import (
    Chain,
    Hop,
    InstanceReference,
    Reference,
    SetReference,
    ValueReference,
    chain_to_json,
    instances_in,
    kinds_of,
)
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.images import Image, Rating
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs.operations import operation_name
from hopchain_core.domain.review import Adjudication, Annotation, Mark, Verdict
from hopchain_core.domain.rollouts import Difficulty, Rollout
from hopchain_core.domain.status import ChainStatus
from hopchain_core.export.references import ids_of, instances_referred_to, instances_shown
from hopchain_core.store.reader import Reader, StoredChain

_LEVELS = {None: "calculates", 1: "one object", 2: "several objects"}
_SEVERITY_STYLE = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
_MOST_IN_A_SET = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainView:
    """A chain with all that has been said of it.

    Attributes:
        instances: Those it refers to, in the versions it refers to.
        rating: What a model thought of the picture.
        names: What its record calls them, such as ``mug-2``.
    """

    stored: StoredChain
    image: Image
    rating: Rating | None
    instances: dict[InstanceKey, Instance]
    names: dict[InstanceKey, str]
    status: ChainStatus
    findings: tuple[Finding, ...]
    annotations: tuple[Annotation, ...]
    rollouts: tuple[Rollout, ...]
    verdict: Verdict | None
    adjudication: Adjudication | None
    difficulty: Difficulty | None
    mark: Mark | None

    @classmethod
    def of(cls, read: Reader, name: str) -> ChainView:
        """Reads a chain by number, key or the beginning of its key.

        Raises:
            InputError: There is none, or several.
        """
        stored = read.chain(name)
        key = stored.chain.key
        instances = read.instances_by_key(sorted(instances_referred_to(stored.chain)))
        shown = {i.key: i for i in instances_shown(stored.chain, read.instances(stored.chain.image))}
        return cls(
            stored=stored,
            image=read.image(stored.chain.image),
            rating=read.rating(stored.chain.image),
            instances=instances,
            names=ids_of((shown | instances).values()),
            status=read.status(key),
            findings=read.findings(key),
            annotations=read.annotations(key),
            rollouts=read.rollouts(key),
            verdict=read.verdict(key),
            adjudication=read.adjudication(key),
            difficulty=read.difficulty(key),
            mark=read.mark(key),
        )

    @property
    def chain(self) -> Chain:
        """The version shown."""
        return self.stored.chain

    def to_json(self) -> dict[str, Any]:
        """What `hopchain show --json` prints."""
        return {
            "number": self.stored.number,
            "key": self.chain.key,
            "status": self.status.value,
            "image": {
                "path": self.image.path,
                "key": self.image.key,
                "rating": None
                if self.rating is None
                else {"complexity": self.rating.complexity, "quality": self.rating.quality.value},
            },
            "chain": chain_to_json(self.chain),
            "kinds": {str(h.index): sorted(k.value for k in kinds_of(h, self.chain)) for h in self.chain.hops},
            "instances": {
                key: {
                    "category": i.category,
                    "box": [round(v, 3) for v in i.box.as_tuple()],
                    "attributes": {a.name.value: a.value for a in i.attributes},
                }
                for key, i in sorted(self.instances.items())
            },
            "findings": [
                {"rule": f.rule, "severity": f.severity.value, "hop": f.hop, "message": f.message}
                for f in self.findings
            ],
            "answers": [
                {
                    "annotator": a.annotator,
                    "outcome": a.outcome.value,
                    "answer": None if a.answer is None else a.answer.text,
                }
                for a in self.annotations
            ],
            "verdict": None
            if self.verdict is None
            else {
                "outcome": self.verdict.outcome.value,
                "label": None if self.verdict.label is None else self.verdict.label.text,
                "policy": self.verdict.policy,
            },
            "adjudication": None
            if self.adjudication is None
            else {
                "kind": self.adjudication.kind.value,
                "label": None if self.adjudication.label is None else self.adjudication.label.text,
                "by": self.adjudication.adjudicator,
                "reason": self.adjudication.reason,
            },
            "difficulty": None
            if self.difficulty is None
            else {
                "n": self.difficulty.n,
                **(
                    {"at_least_wrong": self.difficulty.n_wrong}
                    if self.difficulty.is_until_decided
                    else {
                        "correct": self.difficulty.n_correct,
                        "interval": [round(v, 4) for v in self.difficulty.interval],
                    }
                ),
                "until_decided": self.difficulty.is_until_decided,
                "model": self.difficulty.model,
                "simulated": self.difficulty.is_simulated,
            },
            "mark": None if self.mark is None else {"kind": self.mark.kind.value, "reason": self.mark.reason},
        }


def print_chain(console: Console, view: ChainView) -> None:
    """Prints the chain: question, hops, answer, and what has been said of it."""
    chain = view.chain
    head = Text.assemble(
        (f"C-{view.stored.number}", "bold"),
        f"  {view.status.value.replace('_', ' ')}  ·  by {chain.composer.value}  ·  version {chain.version}",
        (f"  ·  {chain.key}", "dim"),
    )
    image = view.image
    rated = "" if view.rating is None else f"  ·  {view.rating.words}"
    picture = Text(f"{image.path}  ({image.width_px} × {image.height_px}){rated}", style="dim")
    blocks: list[RenderableType] = [head, picture, Text(), Padding(Text(chain.question, style="bold"), (0, 0, 1, 0))]
    blocks += [_hop_block(hop, view) for hop in chain.hops]
    blocks.append(Text.assemble("Answer  ", (chain.answer.text, "bold green")))
    blocks += [Text(line) for line in _said(view)]
    whole = [f for f in view.findings if f.hop is None]
    blocks += [_finding(f) for f in whole]
    console.print(Group(*blocks), highlight=False)


def _hop_block(hop: Hop, view: ChainView) -> RenderableType:
    kinds = ", ".join(f"{k.value} hop" for k in sorted(kinds_of(hop, view.chain)))
    about = [_LEVELS[None if hop.level is None else int(hop.level)]]
    about += [kinds] if kinds else []
    about += [f"needs {_enumerated(hop.needs)}"] if hop.needs else []
    about += [operation_name(hop.operation)] if hop.operation is not None else []
    details = [Text("  ·  ".join(about), style="dim")]
    own = instances_in(hop.establishes)
    start = tuple(r for r in hop.uses if not (isinstance(r, InstanceReference) and r.instance in own))
    if start:
        details.append(Text("from  " + "; ".join(_reference(r, view) for r in start), style="dim"))
    found = "; ".join(_reference(r, view) for r in hop.establishes)
    is_said = all(isinstance(r, ValueReference) and r.value == hop.output for r in hop.establishes)
    details.append(Text.assemble("→  ", (hop.output, "green"), "" if is_said or not found else f"   [{found}]"))
    details += [_finding(f) for f in view.findings if f.hop == hop.index]
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_row(Text(str(hop.index), style="bold cyan"), Text(hop.sub_question))
    return Group(grid, Padding(Group(*details), (0, 0, 1, 3)))


def _reference(reference: Reference, view: ChainView) -> str:
    match reference:
        case InstanceReference(instance):
            return _place(instance, view)
        case SetReference(instances):
            shown = [view.names.get(i, i) for i in instances[:_MOST_IN_A_SET]]
            rest = len(instances) - len(shown)
            return f"{len(instances)} of them: " + ", ".join(shown) + (f" and {rest} more" if rest else "")
        case ValueReference(value):
            return value


def _place(key: InstanceKey, view: ChainView) -> str:
    instance = view.instances.get(key)
    if instance is None:
        return f"{key} (no longer in the project)"
    centre = instance.box.centre
    facts = "".join(f", {a.name.value} {a.value}" for a in instance.attributes)
    return f"{view.names[key]} at ({centre.x:.0f}, {centre.y:.0f}), {instance.box.width:.0f} × {instance.box.height:.0f}{facts}"


def _finding(finding: Finding) -> Text:
    style = _SEVERITY_STYLE[finding.severity]
    return Text(f"! {finding.severity.value} {finding.rule}: {finding.message}", style=style)


def _said(view: ChainView) -> list[str]:
    lines = []
    if view.verdict is not None:
        label = "" if view.verdict.label is None else f", label {view.verdict.label}"
        lines.append(f"Verdict     {view.verdict.outcome.value.replace('_', ' ')}{label} ({view.verdict.policy})")
    decided = view.adjudication
    if decided is not None:
        what = decided.label or decided.kind.value.replace("_", " ")
        lines.append(f"Decided     {what} by {decided.adjudicator}" + (f": {decided.reason}" if decided.reason else ""))
    if view.annotations:
        answers = ", ".join(f"{a.annotator}: {a.answer or a.outcome.value}" for a in view.annotations)
        lines.append(f"People      {answers}")
    difficulty = view.difficulty
    if difficulty is not None:
        is_said = not difficulty.is_simulated or difficulty.model == "simulated"
        by = difficulty.model if is_said else f"{difficulty.model}, simulated"
        low, high = difficulty.interval
        counted = f"; 95 % interval {low:.0%} to {high:.0%}" if difficulty.is_rate else "; tried only until decided"
        lines.append(f"Difficulty  {difficulty.words} ({by}){counted if difficulty.n else ''}")
        if view.rollouts:
            lines.append(f"            {_rollouts(view.rollouts)}")
    if view.mark is not None:
        lines.append(f"Mark        {view.mark.kind.value} {view.mark.reason}".rstrip())
    return lines


def _rollouts(rollouts: tuple[Rollout, ...]) -> str:
    shown = []
    for rollout in rollouts:
        answer = "none" if rollout.answer is None else rollout.answer.text
        wrong = rollout.first_wrong_hop
        shown.append(answer if rollout.is_correct or wrong is None else f"{answer} (hop {wrong})")
    return "answers: " + ", ".join(shown)


def _enumerated(numbers: tuple[int, ...]) -> str:
    return ", ".join(map(str, numbers))
