"""One definite number, exactly: a `Decimal` with one canonical text.

What cannot be read is `Unreadable` with a reason, never 0 and never NaN.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
MAX_DIGITS = 10_000


class Unreadable(StrEnum):
    """Why a text is not one number."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    TOO_LONG = "too_long"
    SEVERAL = "several"
    """Two different numbers, or a choice between some."""
    NOT_FINITE = "not_finite"
    """A fraction such as 1/3, which no decimal number equals."""
    CUT_OFF = "cut_off"
    """The text ends before the number does."""
    NO_ANSWER = "no_answer"
    """A reply that does not say which of its numbers is the answer."""


class AnswerType(StrEnum):
    """What kind of number an answer is."""

    INTEGER = "integer"
    DECIMAL = "decimal"


@dataclass(frozen=True, slots=True)
class Answer:
    """One number.

    Raises:
        ValueError: The value is NaN or infinite.
    """

    value: Decimal

    def __post_init__(self) -> None:
        if not self.value.is_finite():
            raise ValueError("an answer is a finite number")

    @classmethod
    def of(cls, number: int | Decimal | str) -> Answer:
        """The answer for a number or a plain decimal text.

        Raises:
            ValueError: The text is not one plain number.
        """
        if isinstance(number, str):
            read = cls.read(number)
            if isinstance(read, Unreadable):
                raise ValueError(f"{number!r} is not one number ({read.value})")
            return read
        return cls(Decimal(number))

    @classmethod
    def read(cls, text: str) -> Answer | Unreadable:
        """Reads a plain decimal number: digits, a sign, a point; spaces round it, nothing else.

        Free text (replies of models) is read by `hopchain_core.rlvr.reward`, which is built on this.
        """
        text = text.strip().replace("\N{MINUS SIGN}", "-")
        if not text:
            return Unreadable.EMPTY
        if len(text) > MAX_DIGITS + 2:  # a sign and a point
            return Unreadable.TOO_LONG
        if not _PLAIN.match(text):
            return Unreadable.NOT_A_NUMBER
        return cls(Decimal(text))

    @property
    def text(self) -> str:
        """Canonical text: no exponent, no trailing zeros after the point, no plus, no minus zero."""
        sign, digits, exponent = self.value.as_tuple()
        assert isinstance(exponent, int)  # finite by construction
        whole = "".join(map(str, digits))
        if exponent >= 0:
            text, fraction = whole + "0" * exponent, ""
        else:
            whole = whole.rjust(1 - exponent, "0")
            text, fraction = whole[:exponent], whole[exponent:].rstrip("0")
        text = text.lstrip("0") or "0"
        if fraction:
            text = f"{text}.{fraction}"
        return f"-{text}" if sign and text != "0" else text

    @property
    def type(self) -> AnswerType:
        """Integer or decimal, by the canonical text."""
        return AnswerType.DECIMAL if "." in self.text else AnswerType.INTEGER

    def __str__(self) -> str:
        return self.text
