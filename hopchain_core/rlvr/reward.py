r"""The reward of a reply: 1.0 when its final number is the answer, 0.0 otherwise.

Source: HopChain (arXiv 2603.17024), training objective: R = 1 when the output is equivalent to the answer, else 0.

Asked form: ``<answer>\boxed{N}</answer>``. Also read, in this order: ``\boxed{N}``, ``answer: N`` and
``the answer is N``, a last line that is a number or ends in ``= N`` or ``is N``. Thinking (all before the last
``</think>``) is not read. A reply that hedges (``12 or 13``, a second number in the same line after the answer,
two answer tags that differ) or takes its answer back (``Wait, it should be 13``) has no answer.

Imports nothing but the standard library and `hopchain_core.domain`; keeps no state, so threads may share it; takes
time linear in the reply.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from hopchain_core.domain.answers import Answer, Unreadable
from hopchain_core.domain.number_words import NUMBER_WORDS, read_number_words
from hopchain_core.domain.numerals import MAX_TEXT, read_numeral

__all__ = ["Answer", "Unreadable", "read_answer", "score"]

_TAG = re.compile(r"<(/?)answer>", re.IGNORECASE)
_CUE = re.compile(
    r"""(?:(?:\b|_)ans(?:wer)?\b["'*_`]{0,4}(?:[ ]to[ ][^.:=\n]{1,60}?)?[ ]{0,3}(?:is|was|would[ ]be|equals|comes[ ]to|[:=：])|答案[ ]?(?:是|为|為|[:：]))["'*_`:：]{0,4}"""
    r"""(?:[ ]{0,3}(?:therefore|thus|then|simply|exactly|just))?[,:]?""",
    re.IGNORECASE,
)
_CUE_STEMS = ("ans", "答案")
_SAYS = re.compile(
    r"(?<![<>!=~≈≠≤≥])=(?![=<>])|[→⇒]|\b(?:is|are|equals|gives|makes|(?:to|we|i) get)\b(?: (?:therefore|thus|then|indeed))?|"
    r"\b(?:result|total|sum|number|count|value|solution|final \w{1,20})\b[\"'*_`]{0,4}:",
    re.IGNORECASE,
)
_ENDS = re.compile(
    r"[.,;:!?](?=\s)|(?<=\S)[ ](?=\()|[ ](?:[-–—]|because|since|as|which|so|after|where|for|with|including|counting)[ ]"
)
_SENTENCE_ENDS = frozenset(".!?;")
_HEDGE = re.compile(
    r"\b(?:or|not|maybe|perhaps|about|approximately|roughly|around|either|almost|nearly|if|unless|"
    r"least|most|probably|possibly|cannot|unclear)\b|n't\b",
    re.IGNORECASE,
)
_ROUGHLY = re.compile(
    r"\b(?:approx(?:imately)?|roughly|or so|more or less|give or take|at (?:least|most)|or (?:more|fewer|less)|"
    r"unless|assuming|provided)\b",
    re.IGNORECASE,
)
_TAKES_BACK = re.compile(
    r"\b(?:wait|actually|correction|mistaken?|miscounted|oops|sorry|second thought|scratch that|wrong|incorrect|"
    r"should (?:be|have)|instead)\b|^[ \t]*[-*(]? ?or\b",
    re.IGNORECASE | re.MULTILINE,
)
_RUN = re.compile(r"\d[\d.,]*|[a-z]+", re.IGNORECASE)
_UNTELLING = frozenset({"one"})  # as in "this one"
_CLOSERS = ("```", "$$", "\\]")
_HEADING = re.compile(r"\A#{1,6} +")
_SPECIAL = re.compile(r"<\|?/?[A-Za-z_]{1,30}\|?>\s*\Z")
_TOKENS = {"<|begin_of_box|>": "<answer>", "<|end_of_box|>": "</answer>"}
"""How GLM-4.1V and later mark their answer (model card of zai-org/GLM-4.1V-9B-Thinking)."""
_BOXES = ("\\boxed", "\\fbox")
_BARE_BOXED = re.compile(r"[+-]?\d+(?![\d.,/:%])")
_BRACE = re.compile(r"[{}]")
_GOES_ON = re.compile(r"(?:[$\s)}]|\\,){0,4}(?:\\?%|percent\b|[/^!]|[kK]\b)|[mM]\b")
"""What follows a number that is not over yet."""
_ATTACHED = re.compile(r"[A-Za-z°]")
"""What makes something else of a number in a box: ``\boxed{12}th``."""
_SIGNED = re.compile(r"(?:[-−–±~<>≤≥/^]|\d\.?)[${]{0,3}\Z")
"""What stands before a number that does not start there."""


def score(reply: str, answer: Answer | Decimal | int | str) -> float:
    """1.0 when the reply's final number equals the answer exactly, else 0.0.

    Raises:
        ValueError: The answer is a text that is not one plain number.
    """
    read = read_answer(reply)
    if isinstance(read, Unreadable):
        return 0.0
    wanted = answer if isinstance(answer, Answer) else _label(answer)
    return 1.0 if read.value == wanted.value else 0.0


@lru_cache(maxsize=4096)
def _label(answer: Decimal | int | str) -> Answer:
    return Answer.of(answer)


def read_answer(reply: str) -> Answer | Unreadable:
    """The final number of a model's reply, or why there is none."""
    text, is_thinking = _after_thinking(reply)
    for token, tag in _TOKENS.items():
        text = text.replace(token, tag)
    tagged = _read_tagged(text)
    if tagged is not None:
        return tagged
    if is_thinking:
        return Unreadable.CUT_OFF
    text = _without_special(text)
    if not text or text.isspace():
        return Unreadable.EMPTY
    boxed = _read_boxed(text)
    if boxed is not None:
        return boxed
    cued = _read_cued(text)
    if cued is not None:
        return cued
    return _read_last_line(text)


def _after_thinking(reply: str) -> tuple[str, bool]:
    end = reply.rfind("</think>")
    text = reply[end + 8 :] if end >= 0 else reply
    return text, text.lstrip().startswith("<think>")


def _without_special(text: str) -> str:
    """Without tokens such as ``<|im_end|>`` at the end, a few of them at most."""
    for _ in range(8):
        match = _SPECIAL.search(text, max(0, len(text) - 60))
        if match is None:
            break
        text = text[: match.start()]
    return text


# the asked form


def _read_tagged(text: str) -> Answer | Unreadable | None:
    """What the answer tags hold; None when there are none."""
    if "answer>" not in text and "ANSWER>" not in text and "Answer>" not in text:
        return None
    start, found, last, end = -1, set(), "", -1
    for tag in _TAG.finditer(text):
        if not tag[1]:
            start = tag.end()
        elif start >= 0:
            last, end, start = text[start : tag.start()], tag.end(), -1
            found.add(last)
    if start >= 0:  # a stop string took the closing tag, or the reply was cut off
        return _read_unclosed(text[start:])
    if end < 0:
        return None
    read = _read_content(last)
    if isinstance(read, Unreadable):
        return read
    if _GOES_ON.match(text, end):
        return Unreadable.NOT_A_NUMBER
    if _differs(_line_after(text, end), read) or _is_taken_back(text[end:], read):
        return Unreadable.SEVERAL
    if len(found) > 1 and any(isinstance(o := _read_content(f), Answer) and o.value != read.value for f in found):
        return Unreadable.SEVERAL
    return read


def _read_unclosed(content: str) -> Answer | Unreadable:
    """Only a box that is closed is sure to be whole."""
    content = _without_special(content)
    read = _read_boxed(content, is_all=True)
    return Unreadable.CUT_OFF if read is None else read


def _read_content(content: str) -> Answer | Unreadable:
    """The number that an answer tag or a box holds: nothing beside it but words that say so."""
    if len(content) > MAX_TEXT:
        return Unreadable.TOO_LONG
    boxed = _read_boxed(content, is_all=True)
    if boxed is not None:
        return boxed
    read = read_numeral(content)
    if isinstance(read, Answer):
        return read
    cued = _read_cued(content)
    if cued is not None:
        return cued
    said = _read_said(content)
    return read if said is None else said


def _read_boxed(text: str, *, is_all: bool = False) -> Answer | Unreadable | None:
    """The last box; None when there is none.

    Args:
        text: What holds it.
        is_all: The whole text is the answer, so that no other number may stand beside the box.
    """
    start = max(text.rfind(b) for b in _BOXES)
    if start < 0:
        return None
    at = start + 6 if text.startswith("\\boxed", start) else start + 5
    while at < len(text) and text[at] == " ":
        at += 1
    if text[at : at + 1] != "{":
        match = _BARE_BOXED.match(text, at)
        content, end = (match.group(), match.end()) if match else ("", at)
    else:
        end = _closing(text, at)
        if end < 0:
            return Unreadable.CUT_OFF
        content = text[at + 1 : end - 1]
    read = _read_box_content(content)
    if isinstance(read, Unreadable):
        return read
    if _SIGNED.search(text, max(0, start - 5), start) or _GOES_ON.match(text, end) or _ATTACHED.match(text, end):
        return Unreadable.NOT_A_NUMBER
    beside = text[:start] + " " + text[end:] if is_all else _line_after(text, end)
    if _differs(beside, read) or (not is_all and _is_taken_back(text[end:], read)):
        return Unreadable.SEVERAL
    return read


def _read_box_content(content: str) -> Answer | Unreadable:
    read = read_numeral(content)
    if isinstance(read, Answer):
        return read
    said = _read_said(content)
    return read if said is None else said


def _closing(text: str, opening: int) -> int:
    """Just after the brace that closes the one at `opening`; -1 when none does within reach."""
    depth = 0
    for brace in _BRACE.finditer(text, opening, min(len(text), opening + MAX_TEXT)):
        depth += 1 if brace.group() == "{" else -1
        if not depth:
            return brace.end()
    return -1


# prose


def _read_cued(text: str) -> Answer | Unreadable | None:
    """What follows the last "answer:" or "answer is"; None when nothing with a number does."""
    cue = _last_cue(text)
    if cue is None:
        return None
    line = _line_after(text, cue.end())
    if not line.strip(" \t*_`$"):
        rest = text[cue.end() :].lstrip(" \t\r\n*_`")
        line = _line_after(rest, 0)
    read = _read_start(line)
    if isinstance(read, Answer):
        last = read_numeral(_last_line(text)[:MAX_TEXT])
        if isinstance(last, Answer) and last.value != read.value:
            return Unreadable.SEVERAL
        return Unreadable.SEVERAL if _corrects(text[cue.end() :], read) else read
    return read if _has_number(line) else None


def _last_cue(text: str) -> re.Match[str] | None:
    """The last cue; looked for from the end and by its stem, as most of a reply is no cue."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter such as İ: places in one are not places in the other
        return max(_CUE.finditer(text), key=re.Match.start, default=None)
    cues = [cue for stem in _CUE_STEMS if (cue := _last_cue_of(stem, text, lowered)) is not None]
    return max(cues, key=re.Match.start, default=None)


def _last_cue_of(stem: str, text: str, lowered: str) -> re.Match[str] | None:
    at = lowered.rfind(stem)
    while at >= 0:
        cue = _CUE.match(text, at) or _CUE.match(text, max(0, at - 1))  # or with the _ before it
        if cue is not None:
            return cue
        at = lowered.rfind(stem, 0, at)
    return None


def _read_last_line(text: str) -> Answer | Unreadable:
    line = _last_line(text)
    if len(line) > MAX_TEXT:
        return Unreadable.NO_ANSWER
    read = read_numeral(line)
    if isinstance(read, Answer):
        return read
    said = _read_said(line)
    return Unreadable.NO_ANSWER if said is None else said


def _read_said(line: str) -> Answer | Unreadable | None:
    """The number after the last ``=``, ``is`` or colon of a line; None when nothing is said in that way."""
    says = None
    for says in _SAYS.finditer(line):  # noqa: B007  # the last one counts
        pass
    if says is None or _HEDGE.search(line):
        return None
    read = read_numeral(line[says.end() :])
    before = read_numeral(line[line.rfind("=", 0, says.start()) + 1 : says.start()])
    if isinstance(before, Answer) and before != read:  # "12 = 13"
        return Unreadable.SEVERAL
    return read


def _read_start(line: str) -> Answer | Unreadable:
    """The number that a line starts with, where what follows holds no other number."""
    if len(line) > MAX_TEXT:
        return Unreadable.TOO_LONG
    read = read_numeral(line)
    if isinstance(read, Answer):
        return read
    for end in _ENDS.finditer(line):
        head, tail = read_numeral(line[: end.start()]), line[end.end() :]
        if isinstance(head, Answer):
            is_rough = end.group() not in _SENTENCE_ENDS and _ROUGHLY.search(tail)
            return Unreadable.SEVERAL if is_rough or _differs(tail, head) else head
        break
    said = _read_said(line)
    return read if said is None else said


def _line_after(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[at:] if end < 0 else text[at:end]


def _last_line(text: str) -> str:
    """The last line that holds something, without the marks of a heading; the end of a block holds nothing."""
    text = text.rstrip()
    for end in _CLOSERS:
        text = text.removesuffix(end).rstrip()
    line = text[text.rfind("\n") + 1 :]
    return _HEADING.sub("", line, count=1)


def _has_number(text: str) -> bool:
    return any(_is_number(run) for run in _RUN.findall(text[:MAX_TEXT]))


def _is_number(run: str) -> bool:
    return run[0].isdecimal() or (run.lower() in NUMBER_WORDS and run.lower() not in _UNTELLING)


def _is_taken_back(rest: str, answer: Answer) -> bool:
    """True when what follows an answer gives another one, or corrects it."""
    cued = _read_cued(rest) if "\n" in rest else None
    return (isinstance(cued, Answer) and cued.value != answer.value) or _corrects(rest, answer)


def _corrects(rest: str, answer: Answer) -> bool:
    said = _TAKES_BACK.search(rest)
    return said is not None and _differs(rest[said.end() :], answer)


def _differs(text: str, answer: Answer) -> bool:
    """True when the text holds a number other than the answer."""
    runs = _RUN.findall(text)
    same: set[str] = set()  # runs that say the answer again
    at = 0
    while at < len(runs):
        if runs[at] in same or not _is_number(runs[at]):
            at += 1
            continue
        number, taken = read_number_words([r.lower() for r in runs[at : at + 12]])
        other = read_numeral(number if taken else runs[at].rstrip(".,"))
        if not isinstance(other, Answer) or other.value != answer.value:
            return True
        if not taken:
            same.add(runs[at])
        at += max(1, taken)
    return False
