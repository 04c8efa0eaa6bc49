"""What each probe asks about a chain, in words, and how a reply to it is read.

Positions are spoken of in thousandths of the picture's sides, as models of today point at things.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from hopchain_core.backends.vlm.chat import Choice
from hopchain_core.backends.vlm.replies import said_in
from hopchain_core.domain.answers import Answer, Unreadable
from hopchain_core.domain.chains import Chain, Hop, InstanceReference, Reference, SetReference, ValueReference
from hopchain_core.domain.geometry import Box
from hopchain_core.domain.images import Image
from hopchain_core.domain.instances import Instance
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.probes import Probe, TrialKind, later_hops
from hopchain_core.domain.rollouts import FinishReason
from hopchain_core.prompts import hash_of, prompt
from hopchain_core.rlvr.reward import read_answer

PROMPTS: Mapping[Probe, tuple[str, ...]] = {
    Probe.BLIND: ("probe_blind",),
    Probe.UNIQUE: ("probe_unique",),
    Probe.SKIP: ("probe_skip",),
    Probe.TRACE: ("probe_trace", *(f"probe_form_{form}" for form in ("number", "count", "word", "place"))),
}
"""The texts that each probe uses."""
BESIDE_SHARE = 0.01
"""A point so near a box, in shares of the picture's sides, is still on it: models round. Chosen."""

_ANSWER = re.compile(r"<answer>(.*?)</answer>", re.IGNORECASE | re.DOTALL)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NO_WORD = re.compile(r"[^\w]+")
_ARTICLES = frozenset({"a", "an", "the"})

Read = Callable[[Choice], tuple[str, bool]]
"""From a whole reply to what was read in it, as text, and whether that is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeQuestion:
    """One thing to ask.

    Attributes:
        kind: Of the trial.
        hop: Of the trial.
        words: What the model is given.
        expected: What would be right.
        about: Of a reference, the thing that is meant.
        read: How a reply is read.
    """

    kind: TrialKind
    hop: int | None
    words: str
    expected: str
    read: Read
    about: str = ""


def hash_of_prompts(probe: Probe) -> str:
    """Tells the wording of a probe from every other."""
    return hash_of(*PROMPTS[probe])


def questions(
    probe: Probe, chain: Chain, image: Image, instances: Mapping[InstanceKey, Instance]
) -> tuple[ProbeQuestion, ...]:
    """What a probe asks about a chain.

    Args:
        probe: Which.
        chain: The version.
        image: Its picture.
        instances: Those it refers to; what is not among them is spoken of as the chain itself does.
    """
    scene = _Scene(chain, image, instances)
    match probe:
        case Probe.BLIND:
            words = prompt("probe_blind").filled(question=chain.question)
            return (_numbered(TrialKind.BLIND, None, words, chain.answer),)
        case Probe.UNIQUE:
            return scene.references()
        case Probe.SKIP:
            return scene.later()
        case Probe.TRACE:
            return scene.steps()


class _Scene:
    def __init__(self, chain: Chain, image: Image, instances: Mapping[InstanceKey, Instance]) -> None:
        self._chain, self._image, self._instances = chain, image, instances

    def later(self) -> tuple[ProbeQuestion, ...]:
        """The answer from the last hop, and from the later half."""
        found = []
        for kind in (TrialKind.LAST, TrialKind.HALF):
            hops = later_hops(self._chain.hops, kind)
            if hops:
                words = prompt("probe_skip").filled(steps="\n".join(f"- {hop.sub_question}" for hop in hops))
                found.append(_numbered(kind, hops[0].index, words, self._chain.answer))
        return tuple(found)

    def references(self) -> tuple[ProbeQuestion, ...]:
        """Each thing that a hop finds, and each that a hop names by itself."""
        found: list[ProbeQuestion] = []
        before: set[InstanceKey] = set()
        for hop in self._chain.hops:
            named = Counter(
                self._instances[key].category
                for key in _single(hop.uses)
                if key in self._instances and key not in before
            )
            # Of two of a kind in one step the words do not tell which is asked about.
            things = [(category, "named in its words") for category, n in named.items() if n == 1]
            for key in _single(hop.establishes):
                if key in self._instances:
                    things.append((self._instances[key].category, "which it looks for"))
            found += [self._reference(hop, *thing) for thing in things]
            before |= _single(hop.establishes)
        return tuple(found)

    def _reference(self, hop: Hop, category: str, how: str) -> ProbeQuestion:
        thing = f"{_a(category)}, {how}"
        words = prompt("probe_unique").filled(known=self._known(hop), step=hop.sub_question, thing=thing)
        return replace(_numbered(TrialKind.REFERENCE, hop.index, words, Answer.of(1)), about=category)

    def steps(self) -> tuple[ProbeQuestion, ...]:
        """Every hop whose outcome can be told from a reply."""
        found = (self._step(hop) for hop in self._chain.hops)
        return tuple(question for question in found if question is not None)

    def _step(self, hop: Hop) -> ProbeQuestion | None:
        form, expected, read = self._outcome(hop)
        if read is None:
            return None
        asked = prompt(f"probe_form_{form}").text
        words = prompt("probe_trace").filled(known=self._known(hop), step=hop.sub_question, form=asked)
        return ProbeQuestion(kind=TrialKind.STEP, hop=hop.index, words=words, expected=expected, read=read)

    def _outcome(self, hop: Hop) -> tuple[str, str, Read | None]:
        for reference in hop.establishes:
            if isinstance(reference, ValueReference):
                number = Answer.read(reference.value)
                if isinstance(number, Unreadable):
                    return "word", reference.value, _reads_word(reference.value)
                return "number", number.text, _reads_number(number)
        for reference in hop.establishes:
            if isinstance(reference, InstanceReference) and reference.instance in self._instances:
                return "place", self._placed(reference.instance), self._reads_place(reference.instance)
            if isinstance(reference, SetReference):
                count = Answer.of(len(reference.instances))
                return "count", count.text, _reads_number(count)
        return "", "", None

    def _known(self, hop: Hop) -> str:
        """Earlier steps with their results; empty before the first."""
        before = [earlier for earlier in self._chain.hops if earlier.index < hop.index]
        if not before:
            return ""
        lines = [f"- {earlier.sub_question} Result: {self._result(earlier)}" for earlier in before]
        head = "Done already (places are the middles of things, in thousandths of the picture's width and height):"
        return "\n".join([f" {head}", *lines])

    def _result(self, hop: Hop) -> str:
        values = [r.value for r in hop.establishes if isinstance(r, ValueReference)]
        if values:
            return ", ".join(values)
        keys: list[InstanceKey] = []
        for reference in hop.establishes:
            if isinstance(reference, InstanceReference):
                keys.append(reference.instance)
            elif isinstance(reference, SetReference):
                keys += reference.instances
                if not reference.instances:
                    return "nothing"
        placed = [self._placed(key) for key in keys if key in self._instances]
        return "; ".join(placed) if placed else hop.output

    def _placed(self, key: InstanceKey) -> str:
        instance = self._instances[key]
        x0, y0, x1, y1 = instance.box.scaled_1000(self._image.width_px, self._image.height_px)
        return f"the {instance.category} at ({(x0 + x1) // 2}, {(y0 + y1) // 2})"

    def _reads_place(self, key: InstanceKey) -> Read:
        width, height = self._image.width_px, self._image.height_px
        instance = self._instances[key]
        rivals = [
            other.box
            for other in self._instances.values()
            if other.key != key and other.category == instance.category and other.image == instance.image
        ]

        def read(choice: Choice) -> tuple[str, bool]:
            found = _ANSWER.findall(said_in(choice))
            numbers = [float(number) for number in _NUMBER.findall(found[-1])] if found else []
            if len(numbers) == 4:
                numbers = [(numbers[0] + numbers[2]) / 2, (numbers[1] + numbers[3]) / 2]
            if len(numbers) != 2:
                return "", False
            x, y = numbers[0] / 1000 * width, numbers[1] / 1000 * height
            is_on = _is_on(instance.box, x, y, width, height) and not any(
                _is_on(rival, x, y, width, height) and _off(rival, x, y) < _off(instance.box, x, y) for rival in rivals
            )
            return f"({numbers[0]:g}, {numbers[1]:g})", is_on

        return read


def _is_on(box: Box, x: float, y: float, width_px: int, height_px: int) -> bool:
    dx, dy = BESIDE_SHARE * width_px, BESIDE_SHARE * height_px
    return box.x0 - dx <= x <= box.x1 + dx and box.y0 - dy <= y <= box.y1 + dy


def _off(box: Box, x: float, y: float) -> float:
    """How far a point is from the middle of a box, in half sides."""
    return max(
        abs(x - box.centre.x) / max(box.width / 2, 1.0),
        abs(y - box.centre.y) / max(box.height / 2, 1.0),
    )


def _numbered(kind: TrialKind, hop: int | None, words: str, answer: Answer) -> ProbeQuestion:
    return ProbeQuestion(kind=kind, hop=hop, words=words, expected=answer.text, read=_reads_number(answer))


def _reads_number(expected: Answer) -> Read:
    def read(choice: Choice) -> tuple[str, bool]:
        found = read_answer(choice.whole)
        return (found.text, found == expected) if isinstance(found, Answer) else ("", False)

    return read


def _reads_word(expected: str) -> Read:
    def read(choice: Choice) -> tuple[str, bool]:
        found = _ANSWER.findall(said_in(choice))
        word = found[-1].strip() if found else ""
        return word, bool(word) and _plain(word) == _plain(expected)

    return read


def _plain(text: str) -> list[str]:
    """Words that matter, so that "The red." is "red"."""
    text = text.replace(r"\boxed", " ").replace(r"\text", " ")
    return [word for word in _NO_WORD.sub(" ", text.casefold()).split() if word not in _ARTICLES]


def _single(references: Sequence[Reference]) -> set[InstanceKey]:
    return {reference.instance for reference in references if isinstance(reference, InstanceReference)}


def _a(category: str) -> str:
    return f"{'an' if category[:1].lower() in 'aeiou' else 'a'} {category}"


def is_whole(choice: Choice) -> bool:
    """A reply that was cut off says nothing, whatever stands in it."""
    return choice.finish_reason is FinishReason.STOP
