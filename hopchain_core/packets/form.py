"""What a packet file looks like: its tables, its header, its limits.

A packet is an SQLite file of its own `application_id`, in rollback-journal mode: a killed process loses at most the
answer it was writing, and one file is the whole packet. Nothing in it is compressed, so nothing can be unpacked beyond
its size, and it names no place to write to.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

from hopchain_core.domain.keys import canonical_json
from hopchain_core.errors import PacketDamagedError

APPLICATION_ID = 0x484F5050
"""``HOPP`` at byte 68 of the file."""
FORMAT = 1
"""Raised when older programs could no longer read what newer ones write."""
SUFFIX = ".hopchain-packet"

MOST_ITEMS = 1_000_000
MOST_TEXT_CHARACTERS = 100_000
"""Of a question or a note. Both limits are chosen, far above anything a person could answer or would write."""
MOST_PICTURE_BYTES = 500_000_000
"""Of one picture. Chosen; SQLite itself takes values of up to 1,000,000,000 bytes."""

SCHEMA = (
    "CREATE TABLE packet (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT",
    "CREATE TABLE picture (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, width_px INTEGER NOT NULL,"
    " height_px INTEGER NOT NULL, path TEXT NOT NULL) STRICT",
    "CREATE TABLE picture_file (number INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE item (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, picture INTEGER NOT NULL,"
    " question TEXT NOT NULL) STRICT",
    "CREATE TABLE answer (item TEXT PRIMARY KEY NOT NULL, outcome TEXT NOT NULL, text TEXT NOT NULL,"
    " reason TEXT NOT NULL, note TEXT NOT NULL, active_seconds REAL NOT NULL, answered_at TEXT NOT NULL,"
    " seal TEXT NOT NULL) STRICT",
    "CREATE TABLE draft (item TEXT PRIMARY KEY NOT NULL, text TEXT NOT NULL, note TEXT NOT NULL,"
    " active_seconds REAL NOT NULL, turn INTEGER NOT NULL) STRICT",
)
"""A file with any other table, view or trigger is not opened."""


class Pictures(StrEnum):
    """How the pictures come."""

    INCLUDE = "include"
    """Their files lie in the packet."""
    REFERENCE = "reference"
    """Their files are looked for by relative path and told by their bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketItem:
    """One question.

    Attributes:
        position: From 1, in the order they are asked.
        id: Opaque; only the project that made it can tell which chain it is.
        picture: Number of its picture.
        question: As it is asked.
    """

    position: int
    id: str
    picture: int
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketPicture:
    """One picture.

    Attributes:
        number: From 1, in the order they are first asked about.
        sha256: Of the bytes of the file, 64 hex digits.
        width_px: Of the upright picture.
        height_px: Of the upright picture.
        path: Relative, with POSIX slashes; empty where the file lies in the packet.
    """

    number: int
    sha256: str
    width_px: int
    height_px: int
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What a packet says of itself; sealed by the project.

    Attributes:
        packet: Id of this packet, 32 hex digits.
        project: Uuid of the project.
        round: Number of the round.
        title: What the round is called.
        annotator: Whom it is for.
        made_at: UTC, ISO 8601.
        made_by: Version of the program.
        pictures: Whether their files lie in the packet.
        items: How many there are.
        digest: `digest_of` the items and pictures.
    """

    packet: str
    project: str
    round: int
    title: str
    annotator: str
    made_at: str
    made_by: str
    pictures: Pictures
    items: int
    digest: str

    @property
    def text(self) -> str:
        """The one text that is sealed."""
        return canonical_json(asdict(self))

    @classmethod
    def read(cls, text: str, name: str) -> Header:
        """Reads `text`.

        Args:
            text: As it stands in the file.
            name: Of the file, for the error.

        Raises:
            PacketDamagedError: It is no header.
        """
        try:
            data = json.loads(text)
            header = cls(**{**data, "pictures": Pictures(data["pictures"])})
            kinds = (header.packet, header.project, header.title, header.annotator, header.made_at, header.made_by)
            sound = all(isinstance(kind, str) for kind in (*kinds, header.digest)) and header.text == text
            sound = sound and type(header.round) is int and type(header.items) is int and bool(header.annotator.strip())
            # They are shown in terminals, which obey what cannot be printed.
            sound = sound and all(str(kind).isprintable() for kind in kinds)
        except (ValueError, TypeError, KeyError, RecursionError):
            sound = False
        if not sound:
            raise damaged(name, "its header cannot be read")
        return header


def digest_of(items: Iterable[PacketItem], pictures: Iterable[PacketPicture]) -> str:
    """sha256 over all that is asked, 64 hex digits."""
    asked = [[i.position, i.id, i.picture, i.question] for i in items]
    shown = [[p.number, p.sha256, p.width_px, p.height_px, p.path] for p in pictures]
    return hashlib.sha256(canonical_json([asked, shown]).encode()).hexdigest()


def damaged(name: str, what: str) -> PacketDamagedError:
    """The error for a packet with something broken in it."""
    return PacketDamagedError(f"{name} is damaged: {what}.", hint="Ask for the file again, or make the packet anew.")
