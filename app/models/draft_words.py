"""What a person typed into the fields of a chain, read: as an answer, as the value of a hop."""

from __future__ import annotations

from hopchain_core.domain.answers import Answer, Unreadable
from hopchain_core.domain.numerals import read_numeral
from hopchain_core.domain.rules.reading import numbers_in, stated_number


def refusal(text: str) -> str:
    """Why a text is no answer, and what would be taken; empty when it is one."""
    read = Answer.read(text)
    if isinstance(read, Answer):
        return ""
    meant = read_numeral(text)
    if isinstance(meant, Answer):
        has_digits = any(c.isdigit() for c in text)
        return f"Only the number is taken: {meant.text}." if has_digits else f"Write it in digits: {meant.text}."
    mentions = numbers_in(text)
    if read is Unreadable.EMPTY:
        return "An answer is one number in digits, such as 12 or -3.5."
    if len({m.number for m in mentions}) > 1:
        return "Those are several numbers. An answer is one, in digits, such as 12."
    if mentions:
        return f"Only the number is taken: {mentions[0].number.text}."
    return "That is no number. An answer is one number in digits, such as 12 or -3.5."


def said_value(output: str) -> str:
    """The value that an output says: the number it ends in, yes or no, else its words."""
    number = stated_number(output)
    if number is not None:
        return number.text
    text = trimmed(output)
    word = text.lower().partition(" ")[0].strip(".,;:")
    return word if word in ("yes", "no") else text


def trimmed(text: str) -> str:
    """A text as it is saved: without spaces at its ends, and one between words."""
    return " ".join(text.split())
