"""The rule `self-answering`: no sub-question contains its own answer.

Source: measured on a model-made set, 31 % of hops answered themselves from their own wording (Video-HopChain,
ngquangtrung57/video-hopchain).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hopchain_core.domain.chains import Chain, Hop, InstanceReference, SetReference, instances_in
from hopchain_core.domain.findings import Finding
from hopchain_core.domain.programs.operations import Arithmetic, Branch, Compare
from hopchain_core.domain.rules.reading import STOP_WORDS, numbers_in, sentences, stated_number, stem, stems, words_in
from hopchain_core.domain.rules.rule import error
from hopchain_core.domain.rules.subject import Subject

_CHOICE = re.compile(r"\b(?:or|if|otherwise|whether|else)\b", re.IGNORECASE)
_COLOUR = re.compile(r"\bcolou?rs?\b", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:what|which|who|whom)\b", re.IGNORECASE)
_LOOKS_FOR = re.compile(
    r"^\W*(?:find|locate|identify|look for|take|pick|start with|go to|move to|choose)\b", re.IGNORECASE
)
_GENERIC = frozenset({"object", "thing", "item", "does", "do", "man", "woman", "person", "child"})
_IDENTIFIES = re.compile(r"\b(?:is|are) (?:the|an?) $", re.IGNORECASE)  # "which object is the bird?"
_TRUTHS = frozenset({"yes", "no", "true", "false"})


def self_answering(subject: Subject) -> Iterator[Finding]:
    """No sub-question contains its own output, as a word, a number word or in digits."""
    for hop in subject.chain.hops:
        words = _given_away(hop, subject)
        if words:
            yield error(
                "self-answering",
                f'The sub-question of hop {hop.index} already says "{words}", which is its answer. '
                "Ask without naming it.",
                hop.index,
                words=words,
                output=hop.output,
            )


def _given_away(hop: Hop, subject: Subject) -> str:
    if isinstance(hop.operation, Arithmetic | Branch | Compare) or hop.level is None:
        return ""  # "add 5 to 0" and "6 if yes, 9 if no" name their numbers by right
    if any(isinstance(r, InstanceReference | SetReference) for r in hop.establishes):
        return _given_object(hop, subject)
    stated = stated_number(hop.output)
    if stated is not None:
        return _given_number(hop)
    return _given_word(hop, subject)


def _given_number(hop: Hop) -> str:
    stated = stated_number(hop.output)
    text = hop.sub_question
    for mention in numbers_in(text):
        is_pronoun = text[mention.start : mention.end].lower() == "one"
        if mention.number == stated and not is_pronoun and not _is_choice(text, mention.start):
            return text[mention.start : mention.end]
    return ""


def _is_choice(text: str, place: int) -> bool:
    """The place stands among alternatives: "6 or 9", "6 if it is wider, otherwise 9"."""
    return any(a <= place < b and _CHOICE.search(text[a:b]) for a, b in sentences(text))


def _given_word(hop: Hop, subject: Subject) -> str:
    phrase = [w.stem for w in words_in(hop.output)]
    if not phrase or len(phrase) > 6 or _TRUTHS & set(phrase):
        return ""
    text = hop.sub_question
    found = _phrase_in(text, phrase)
    if found is None or _is_choice(text, found[0]):
        return ""
    if _COLOUR.search(text) and set(phrase) <= {stem(w) for w in subject.category_words}:
        return ""  # "what colour is the orange"
    return text[found[0] : found[1]]


def _given_object(hop: Hop, subject: Subject) -> str:
    """An object named in a statement, or beside the question for it: "He holds a kite. Which object does he hold?".

    Naming what to look for is no fault: "which bird is nearest", "find the red mug", "which object is the bird".
    """
    phrase = [w.stem for w in words_in(re.split(r"→|\(", hop.output)[0])]
    names = [frozenset(stem(w) for w in n.split()) for n in _categories(hop, subject)]
    if not phrase or not names or not any(set(phrase) <= n for n in names):
        return ""  # says where it is or what it looks like, as the question has to
    if _is_asked_of_its_kind(hop, subject.chain):
        return ""
    text = hop.sub_question
    for a, b in sentences(text):
        found = _phrase_in(text[a:b], phrase)
        if found is None or _LOOKS_FOR.search(text[a:b]) or _is_choice(text, a + found[0]):
            continue
        asks = _ASKS.search(text[a:b])
        if asks is None:
            if text[a:b].rstrip().endswith("?") or _ASKS.search(text) is None:
                continue
            return text[a + found[0] : a + found[1]]
        between = [w for w in re.findall(r"\w+", text[a:b][asks.end() : found[0]].lower()) if w not in STOP_WORDS]
        if between and between[0] in _GENERIC and not _IDENTIFIES.search(text[a : a + found[0]]):
            return text[a + found[0] : a + found[1]]
    return ""


def _is_asked_of_its_kind(hop: Hop, chain: Chain) -> bool:
    """Another object of that name comes into it, so that naming it gives nothing away."""
    return any(stems(hop.output) & stems(h.output) for h in chain.hops if h.index in hop.needs)


def _categories(hop: Hop, subject: Subject) -> list[str]:
    keys = sorted(instances_in(hop.establishes, with_sets=True))
    return [subject.facts.by_key[k].category.lower() for k in keys if k in subject.facts.by_key]


def _phrase_in(text: str, phrase: list[str]) -> tuple[int, int] | None:
    words = words_in(text)
    for at in range(len(words) - len(phrase) + 1):
        if [w.stem for w in words[at : at + len(phrase)]] == phrase:
            return words[at].start, words[at + len(phrase) - 1].end
    return None
