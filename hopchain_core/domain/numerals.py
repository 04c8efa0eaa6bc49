"""Reads one number however it is written: digits of any script, groups, fractions, powers of ten, words, LaTeX.

Strict: a text that could mean another number, or two, is not read. Nothing here evaluates; work is linear in the
length of the text.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from fractions import Fraction

from hopchain_core.domain.answers import MAX_DIGITS, Answer, Unreadable
from hopchain_core.domain.number_words import (
    FIRST_WORDS,
    MULTIPLES,
    NUMBER_WORDS,
    is_slip_of_number_word,
    read_number_words,
)

MAX_TEXT = 2 * MAX_DIGITS
"""A longer text is not one number. Groups and LaTeX around `MAX_DIGITS` digits fit in."""
_MAX_FRACTION_DIGITS = 400
_MAX_UNIT_WORDS = 4

_BODY = r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)"
_NUMBER = re.compile(rf"([+-]?)({_BODY}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE]([+-]?[0-9]+)(?![0-9A-Za-z.]))?")
_TIMES_POWER = re.compile(
    r" ?(?:[x*×]|\\times|\\cdot) ?10 ?(?:\^|\*\*) ?(?:\{ ?([+-]?[0-9]{1,6}) ?\}?|([+-]?[0-9]{1,6}))\Z"
)
_SUPERSCRIPT_POWER = re.compile(r"10([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,6})\Z")
_SUPERSCRIPTS = str.maketrans("⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "+-0123456789")
_OVER = re.compile(r" ?/ ?([0-9]+)\Z")
_AND_OVER = re.compile(r" +([0-9]+) ?/ ?([0-9]+)\Z")

_FRAC = re.compile(r"\\[dtc]?frac ?(?:\{ ?([+-]?[0-9]+) ?\} ?\{ ?([0-9]+) ?\}|([0-9])([0-9])(?![0-9]))")
_STYLED = re.compile(
    r"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mathsf|boldsymbol|bm|mbox|operatorname) ?\{([^{}]*)\}"
)
_GROUP_GAP = re.compile(r"(?<=[0-9])(?:\{,\}|\\[,!:;]|[\u00a0\u2009\u202f٬])(?=[0-9]{3}(?![0-9]))")
_SPACING = re.compile(r"\\[,!:; ]|\\q?quad(?![A-Za-z])|[\s\u200b\ufeff]+")
_WORD = re.compile(r"[A-Za-z]+")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")

_DECORATION = " \t\r\n*_`\"'“”‘’«»{}"
_SIGNS = {
    "−": "-",
    "－": "-",
    "﹣": "-",
    "‐": "-",
    "‑": "-",
    "–": "-",
    "＋": "+",
    "﹢": "+",
    "．": ".",
    "，": ",",
    "％": "%",
}
_SIGNS |= {"／": "/", "⁄": "/", "∕": "/", "٫": ".", "٬": ",", "。": ".", "：": ":", "＝": "=", "＊": "*"}

_DOUBTFUL = """
and or to through till until minus plus times over by divided multiplied squared cubed percent percentage per point
pair pairs couple couples score scores gross half halves third thirds quarter quarters fourth fourths fifth fifths
sixth sixths seventh sevenths eighth eighths ninth ninths tenth tenths twelfth twelfths hundredth hundredths
thousandth thousandths hundreds thousands millions billions dozens k m b bn mn am pm o clock approximately about
roughly around maybe perhaps possibly probably almost nearly more less fewer most least not but if versus vs either
neither nor e pi i trillion trillions quadrillion milliard milliards lakh lakhs crore crores squares modulo mod
tens ones eleventh elevenths thirteenth thirteenths fourteenth fourteenths fifteenth fifteenths sixteenth sixteenths
seventeenth seventeenths eighteenth eighteenths nineteenth nineteenths twentieth twentieths trio trios fold factorial
root odd something some approx estimated max maximum min minimum above below under beyond upwards onwards unless
assuming except excluding without provided excl tops short extra st nd rd th
"""
_NO_UNITS = frozenset(_DOUBTFUL.split())
"""Words that make another number, or a doubtful one, of the number before them."""


def read_numeral(text: str) -> Answer | Unreadable:
    """The one number that a text is.

    Read are: ``22``, ``-3.50``, ``1,234``, ``1e3``, ``1.2 × 10^3``, ``3/4``, ``1 1/2``, ``½``, digits of any script,
    ``twenty-one``, ``3 million``, ``a dozen``; with Markdown or LaTeX dress around it and plain units after it
    (``12 birds``). Not read are percentages, ranges, ratios, times of day, decimal commas, approximations and sums.
    """
    plain = Answer.read(text)
    if isinstance(plain, Answer):
        return plain
    if len(text) > MAX_TEXT:
        return Unreadable.TOO_LONG
    text = _undressed(_without_latex(_in_ascii(text)))
    if not text:
        return Unreadable.EMPTY
    match = _NUMBER.match(text)
    if match:
        return _read_digits(match, text[match.end() :])
    return _read_words(text)


def _in_ascii(text: str) -> str:
    if text.isascii():
        return text
    text = _GROUP_GAP.sub(",", text)
    return _NON_ASCII.sub(_ascii_of, text)


def _ascii_of(match: re.Match[str]) -> str:
    char = match.group()
    if char in _SIGNS:
        return _SIGNS[char]
    digit = unicodedata.decimal(char, None)
    if digit is not None:
        return str(digit)
    parts = unicodedata.decomposition(char).split()
    if len(parts) >= 4 and parts[0] == "<fraction>":
        return _gap_before(match) + "".join(chr(int(p, 16)) for p in parts[1:]).replace("⁄", "/")
    return char


def _gap_before(match: re.Match[str]) -> str:
    """A space between a whole number and the fraction that follows it at once."""
    before = match.string[match.start() - 1 : match.start()]
    return " " if before.isdecimal() else ""


def _without_latex(text: str) -> str:
    if "\\" in text:
        text = text.replace("\\(", " ").replace("\\)", " ").replace("\\[", " ").replace("\\]", " ").replace("\\%", "%")
        text = _FRAC.sub(lambda m: _gap_before(m) + (f"{m[1]}/{m[2]}" if m[1] else f"{m[3]}/{m[4]}"), text)
        text = _STYLED.sub(r" \1 ", text)
        text = _GROUP_GAP.sub(",", text)
    elif "{,}" in text:
        text = _GROUP_GAP.sub(",", text)
    return _SPACING.sub(" ", text)


def _undressed(text: str) -> str:
    text = text.strip(_DECORATION)
    if text[-1:] in ("$",) or text[:1] == "$":
        text = text.strip("$" + _DECORATION)
    if text[-1:] in (".", ";", ",") and text[-2:-1] not in (".", ""):
        text = text[:-1].strip("$" + _DECORATION)
    return text


def _read_digits(match: re.Match[str], rest: str) -> Answer | Unreadable:
    sign, body, exponent = match.groups()
    body = body.replace(",", "")
    if len(body) > MAX_DIGITS + 1 or (exponent and len(exponent) > 6):
        return Unreadable.TOO_LONG
    number = Decimal(f"{sign}{body}")
    shift = int(exponent) if exponent else 0
    if not rest:
        return _shifted(number, shift)
    if exponent is None:
        power = _TIMES_POWER.match(rest) or _SUPERSCRIPT_POWER.search(rest)
        if power and (power.re is _TIMES_POWER or re.fullmatch(r" ?(?:[x*×]|\\times) ?", rest[: power.start()])):
            digits = next(g for g in power.groups() if g is not None)
            return _shifted(number, int(digits.translate(_SUPERSCRIPTS)))
        if body.isdigit():
            over = _OVER.match(rest)
            if over:
                return _fraction(sign, "0", body, over[1])
            over = _AND_OVER.match(rest)
            if over and len(over[1]) <= len(over[2]):
                return _fraction(sign, body, over[1], over[2])
    if rest[0] != " ":  # "12-13", "12:30", "12%", "12th"
        return Unreadable.NOT_A_NUMBER
    return _with_unit(number, shift, rest)


def _with_unit(number: Decimal, shift: int, rest: str) -> Answer | Unreadable:
    words = rest.lower().split()
    fraction = None
    while words and words[0] in MULTIPLES:
        if shift or abs(number.adjusted()) > _MAX_FRACTION_DIGITS:
            return Unreadable.NOT_A_NUMBER
        fraction = (fraction or Fraction(number)) * MULTIPLES[words.pop(0)]
    if not _is_unit(words):
        return Unreadable.NOT_A_NUMBER
    return _shifted(number, shift) if fraction is None else _from_fraction(fraction)


def _is_unit(words: list[str]) -> bool:
    return len(words) <= _MAX_UNIT_WORDS and all(
        len(w) > 1 and w.isascii() and w.isalpha() and w not in _NO_UNITS and w not in NUMBER_WORDS for w in words
    )


def _read_words(text: str) -> Answer | Unreadable:
    first = _WORD.match(text)
    if len(text) > 400 or first is None or first.group().lower() not in FIRST_WORDS:
        return Unreadable.NOT_A_NUMBER
    parts = re.split(r"([ -])", text.lower().replace(", ", " "))
    tokens, gaps = parts[::2], parts[1::2]
    number, taken = read_number_words(tokens)
    if not taken or not _is_unit(tokens[taken:]) or gaps[taken - 1 : taken] == ["-"]:  # "seven-teen"
        return Unreadable.NOT_A_NUMBER
    if any(is_slip_of_number_word(word) for word in tokens[taken:]):  # "twenty fve"
        return Unreadable.NOT_A_NUMBER
    return Answer(Decimal(number))


def _shifted(number: Decimal, shift: int) -> Answer | Unreadable:
    """The number times ten to the power of `shift`, exactly; a context would round."""
    if not number:
        return Answer(Decimal(0))
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # finite by construction
    exponent += shift
    if exponent < -MAX_DIGITS or exponent + len(digits) > MAX_DIGITS:
        return Unreadable.TOO_LONG
    return Answer(Decimal((sign, digits, exponent)))


def _fraction(sign: str, whole: str, numerator: str, denominator: str) -> Answer | Unreadable:
    if max(len(whole), len(numerator), len(denominator)) > _MAX_FRACTION_DIGITS:
        return Unreadable.TOO_LONG
    if not int(denominator):
        return Unreadable.NOT_A_NUMBER
    value = int(whole) + Fraction(int(numerator), int(denominator))
    if int(whole) and value >= int(whole) + 1:  # "2 3/2" is rather two numbers
        return Unreadable.NOT_A_NUMBER
    return _from_fraction(-value if sign == "-" else value)


def _from_fraction(value: Fraction) -> Answer | Unreadable:
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return Unreadable.NOT_FINITE
    places = max(twos, fives)
    return _shifted(Decimal(value.numerator * 10**places // value.denominator), -places)
