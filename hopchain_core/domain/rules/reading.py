"""Reading questions word by word: numbers with their places, sentences, words without their endings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.number_words import NUMBER_WORDS, read_number_words
from hopchain_core.domain.numerals import read_numeral

_TOKEN = re.compile(
    r"(?<![\w.])[-−+]?\d+(?:,\d{3})*(?:\.\d+)?(?![\w%]|[.,:/]\d)|[^\W\d_]+(?:['’][^\W\d_]+)?", re.UNICODE
)
_ARROW = re.compile(r"→|⇒|->|=>|=")
_SENTENCE = re.compile(r"[^.!?]+(?:[.!?](?=\s|$)|[.!?]+(?=\S)|$)*", re.UNICODE)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|‘[^’]*’|«[^»]*»")
_IRREGULAR = {"people": "person", "men": "man", "women": "woman", "children": "child", "mice": "mouse", "feet": "foot"}
_IRREGULAR |= {"geese": "goose", "teeth": "tooth", "knives": "knife", "leaves": "leaf", "dice": "die", "buses": "bus"}

STOP_WORDS = frozenset(
    {"a", "an", "the", "of", "on", "in", "at", "to", "it", "its", "is", "are", "was", "be", "and", "that", "this"}
    | {"these", "those", "with", "which", "what", "who", "whose", "from", "by", "as", "for", "there", "has", "have"}
    | {"his", "her", "their", "he", "she", "they", "does", "do", "one", "ones", "into", "than", "your"}
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A number in a text.

    Attributes:
        is_digits: Written in digits, not in words.
    """

    number: Answer
    start: int
    end: int
    is_digits: bool


@lru_cache(maxsize=1024)
def numbers_in(text: str) -> tuple[Mention, ...]:
    """Every number of a text with its place; ordinals, parts of names and texts in quotes are none."""
    text = _QUOTED.sub(lambda m: " " * len(m.group()), text)
    tokens = list(_TOKEN.finditer(text))
    found: list[Mention] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        word = token.group().lower()
        taken = 1
        if not word[-1].isalpha():
            read = read_numeral(token.group())
            if isinstance(read, Answer):
                found.append(Mention(read, token.start(), token.end(), True))
        elif word in NUMBER_WORDS or word in ("a", "half"):
            digits, taken = read_number_words([t.group().lower() for t in tokens[at : at + 10]])
            last = tokens[at + max(taken, 1) - 1]
            if taken and not re.match(
                r"[-‑][^\W\d_]", text[last.end() : last.end() + 2]
            ):  # "two-storey" counts nothing
                found.append(Mention(Answer.of(digits), token.start(), last.end(), False))
            taken = max(taken, 1)
        at += taken
    return tuple(found)


def stated_number(output: str) -> Answer | None:
    """The one number that an output ends in: ``11``, ``yes → 6 + 5 = 11``, ``2 birds``; None when there is none."""
    last = _ARROW.split(output)[-1].strip()
    read = read_numeral(last)
    if isinstance(read, Answer):
        return read
    mentions = numbers_in(last)
    return mentions[0].number if len(mentions) == 1 else None


@lru_cache(maxsize=1024)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of every sentence; a point inside a number or an abbreviation does not end one."""
    return tuple((m.start(), m.end()) for m in _SENTENCE.finditer(text) if m.group().strip())


def sentence_at(text: str, place: int) -> str:
    """The sentence that holds a place of the text."""
    return next((text[a:b] for a, b in sentences(text) if a <= place < b), text)


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without case, possessive and plural ending; good enough to compare words."""
    word = re.sub(r"['’]s?$", "", word.lower())
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ches", "shes", "xes", "sses", "zes", "oes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3:
        return word[:-1]
    return word


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries meaning, with its place."""

    stem: str
    start: int
    end: int


@lru_cache(maxsize=1024)
def words_in(text: str) -> tuple[Word, ...]:
    """The words of a text that carry meaning: no articles, pronouns, prepositions; no numbers in digits."""
    return tuple(
        Word(stem(m.group()), m.start(), m.end())
        for m in _TOKEN.finditer(text)
        if m.group()[-1].isalpha() and m.group().lower() not in STOP_WORDS
    )


def stems(text: str) -> frozenset[str]:
    """The words of a text that carry meaning, without order."""
    return frozenset(w.stem for w in words_in(text))
