"""Seals: what a project made is told from what anybody else made, and one packet's answers from another's.

All are HMAC-SHA-256 under a secret that never leaves the project (RFC 2104). Each use has a word of its own in front, so
that no seal can pass for another kind.

* The id of an item is a seal of who is asked what in which round. The key of a chain is a hash of its content, so whoever
  guessed the answer could check the guess against it; without the secret nobody can check anything against an id.
* The header is sealed, and through its digest so is every question.
* Answers are sealed with a key that the packet carries and the project can make again. So whoever holds the packet can
  answer it (that is what it is for), and answers cannot be moved from one packet to another or written without it.
"""

from __future__ import annotations

import hmac
import secrets

from hopchain_core.blind import Given
from hopchain_core.domain.keys import ChainKey, canonical_json

SECRET_BYTES = 32
_ID_DIGITS = 24
"""96 bits: two items of a million share an id with a chance of less than one in 10**16."""


def new_secret() -> str:
    """A secret for a project, as hex digits."""
    return secrets.token_hex(SECRET_BYTES)


def item_id(secret: str, round_number: int, annotator: str, chain: ChainKey) -> str:
    """What an item is called in a packet."""
    return _seal(secret, "item", [round_number, annotator, chain])[:_ID_DIGITS]


def header_seal(secret: str, header_text: str) -> str:
    """The project's seal on a header."""
    return _seal(secret, "header", header_text)


def answering_key(secret: str, packet: str) -> str:
    """What the answers in one packet are sealed with."""
    return _seal(secret, "key", packet)


def answer_seal(key: str, packet: str, given: Given) -> str:
    """The packet's seal on one answer."""
    return _seal(
        key,
        "answer",
        [
            packet,
            given.item,
            given.outcome.value,
            given.text,
            given.reason.value if given.reason else "",
            given.note,
            given.active_seconds,
            given.answered_at,
        ],
    )


def is_same(one: str, other: str) -> bool:
    """Compares two seals without saying by its timing where they part."""
    return hmac.compare_digest(one.encode(), other.encode())


def _seal(key: str, use: str, content: object) -> str:
    return hmac.digest(bytes.fromhex(key), f"{use}\0{canonical_json(content)}".encode(), "sha256").hex()
