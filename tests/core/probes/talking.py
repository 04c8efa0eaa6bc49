"""Models for the fake server that say to each probe what a test wants.

They know what is asked by its words: `questions` gives them, as the prober does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from hopchain_core.backends.vlm.probe_questions import ProbeQuestion, questions
from hopchain_core.domain.chains import Chain, instances_of
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.probes import PROBES, TrialKind
from hopchain_core.project import Project
from tests.core.backends.vlm.fake_server import Body, words_of

Says = Callable[[int], str]
"""What is said to one question when it is drawn with this seed."""


@dataclass
class Talker:
    """Says what the chains' own steps give, cannot answer without looking or without the first hops, and finds one
    thing for each reference; unless it is told otherwise.

    Attributes:
        asked: Every question about every chain, by its words; what is asked about two chains in the same words is one.
        number: How many questions there are about all chains.
        otherwise: What is said instead, by chain, kind of trial and hop.
    """

    asked: dict[str, tuple[ChainKey, ProbeQuestion]] = field(default_factory=dict)
    otherwise: dict[tuple[ChainKey, TrialKind, int | None], Says] = field(default_factory=dict)
    number: int = 0

    @classmethod
    def of(cls, project: Project) -> Talker:
        talker = cls()
        for chain in chains_of(project):
            talker.learn(project, chain)
        return talker

    def learn(self, project: Project, chain: Chain) -> None:
        with project.read() as read:
            image, instances = read.image(chain.image), read.instances_by_key(sorted(instances_of(chain)))
        for probe in PROBES:
            for question in questions(probe, chain, image, instances):
                self.asked[question.words] = chain.key, question
                self.number += 1

    def speak(self, body: Body, seed: int) -> str:
        chain, question = self.asked[words_of(body)]
        says = self.otherwise.get((chain, question.kind, question.hop))
        return says(seed) if says is not None else said_of(question)


def said_of(question: ProbeQuestion) -> str:
    """A good model's reply."""
    match question.kind:
        case TrialKind.BLIND:
            return number("987654")
        case TrialKind.LAST | TrialKind.HALF:
            return "That depends on the steps that are lost.\n<answer>unknown</answer>"
        case TrialKind.REFERENCE:
            return f"There is one.\n{number('1')}"
        case TrialKind.STEP:
            return right(question)


def right(question: ProbeQuestion) -> str:
    """What a step is expected to give, in the form that is asked for."""
    _, at, place = question.expected.partition(" at ")
    return f"<answer>{place}</answer>" if at else number(question.expected)


def number(text: str) -> str:
    return f"I looked closely.\n<answer>\\boxed{{{text}}}</answer>"


def chains_of(project: Project) -> list[Chain]:
    with project.read() as read:
        return [stored.chain for stored in read.chains()]
