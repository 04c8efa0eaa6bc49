"""Opens packet files without trusting them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hopchain_core.blind import Given
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.review import AmbiguityReason, Outcome
from hopchain_core.errors import PacketError, PacketForeignError, PacketForgedError, PacketTooNewError
from hopchain_core.packets import form
from hopchain_core.packets.form import Header, PacketItem, PacketPicture, Pictures, damaged, digest_of
from hopchain_core.packets.seals import answer_seal, is_same

BUSY_TIMEOUT_S = 5.0
_MAGIC = b"SQLite format 3\0"
_MAGIC_AT, _ID_AT = 0, 68  # https://www.sqlite.org/fileformat2.html, section 1.3
_HEX = frozenset("0123456789abcdef")
_ODD = re.compile(r"[\\:\0]")


def is_packet(path: Path) -> bool:
    """Whether a file says at its beginning that it is a packet; looks at a hundred bytes."""
    try:
        with path.open("rb") as file:
            head = file.read(100)
    except OSError:
        return False
    is_sqlite = head[_MAGIC_AT : len(_MAGIC)] == _MAGIC
    return is_sqlite and head[_ID_AT : _ID_AT + 4] == form.APPLICATION_ID.to_bytes(4, "big")


@contextmanager
def reading(path: Path) -> Iterator[PacketRows]:
    """Opens a packet for reading, in one snapshot.

    Raises:
        PacketError: It is missing, no packet, too new or broken, or cannot be read.
    """
    check_beginning(path)
    with said_plainly(path):
        if _needs_rollback(path):
            # Its writer was stopped in the middle of an answer; any writer puts the file back as it was before.
            with closing(connect(path, "rw")) as connection:
                connection.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()
        with closing(connect(path, "ro")) as connection:
            connection.execute("BEGIN")
            yield PacketRows(connection, path)


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A plain connection that believes nothing the file says about functions, views or sizes."""
    uri = f"file:{quote(str(path.absolute()))}?mode={mode}"
    connection = sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_S, check_same_thread=False, cached_statements=32
    )
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, form.MOST_PICTURE_BYTES + 1000)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA synchronous = FULL")
        # What the annotator took back or wrote over does not stay behind in free pages.
        connection.execute("PRAGMA secure_delete = ON")
    except BaseException:
        connection.close()
        raise
    return connection


class PacketRows:
    """What stands in a packet, checked against itself.

    Args:
        connection: Open.
        path: Of the file, for errors.

    Raises:
        PacketError: It is too new or broken.

    Attributes:
        header: What the packet says of itself.
        header_seal: The project's seal on it; only the project can check it.
        key: What answers are sealed with.
        items: In order.
        pictures: By number.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._name = path.name
        self._check_schema()
        facts = dict(self._all("SELECT name, value FROM packet WHERE length(value) < 100000"))
        self.header = Header.read(facts.get("header", ""), self._name)
        self.header_seal = facts.get("seal", "")
        self.key = facts.get("key", "")
        if len(self.key) != 64 or not _HEX.issuperset(self.key):
            raise damaged(self._name, "its key is missing")
        self.items = self._items()
        self.pictures = self._pictures()
        if digest_of(self.items, self.pictures.values()) != self.header.digest:
            raise damaged(self._name, "its questions are not those it was made with")

    def answers(self) -> tuple[Given, ...]:
        """The annotator's answers, by the order of the items.

        Raises:
            PacketDamagedError: One of them cannot be read.
            PacketForgedError: One of them is not as the program wrote it.
        """
        position = {item.id: item.position for item in self.items}
        found = []
        for row in self._all("SELECT * FROM answer"):
            *fields, seal = row
            given = self._given(fields)
            if given.item not in position or not is_same(answer_seal(self.key, self.header.packet, given), seal):
                raise PacketForgedError(
                    f"{self._name} is refused: an answer in it does not bear the packet's seal.",
                    hint="Answers are given in the studio or with `hopchain solve`; ask for the file as they left it.",
                )
            found.append(given)
        return tuple(sorted(found, key=lambda given: position[given.item]))

    def drafts(self) -> list[tuple[str, str, str, float, int]]:
        """What was typed: item, text, note, active seconds, turn."""
        return [(*row[:3], float(row[3]), row[4]) for row in self._all("SELECT * FROM draft")]

    def draft_count(self) -> int:
        """Items with something typed and not given."""
        ((count,),) = self._all(
            "SELECT COUNT(*) FROM draft WHERE (text <> '' OR note <> '') AND item NOT IN (SELECT item FROM answer)"
        )
        return int(count)

    def picture_bytes(self) -> int:
        """Bytes of the pictures inside."""
        ((total,),) = self._all("SELECT COALESCE(SUM(length(bytes)), 0) FROM picture_file")
        return int(total)

    def _all(self, statement: str) -> list[Any]:
        return self._connection.execute(statement).fetchall()

    def _check_schema(self) -> None:
        ((version,),) = self._all("PRAGMA user_version")
        if version > form.FORMAT:
            raise PacketTooNewError(
                f"{self._name} was made by a newer version of HopChain Studio"
                f" (packet format {version}, this one knows {form.FORMAT}).",
                hint="Install the newer version to use it.",
            )
        made = {sql for (sql,) in self._all("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
        if version < 1 or made != set(form.SCHEMA):
            raise damaged(self._name, "its tables are not those of a packet")
        for table in ("packet", "item", "picture", "answer", "draft"):
            for (line,) in self._all(f"PRAGMA quick_check({table})"):
                if line != "ok":
                    raise damaged(self._name, line)

    def _items(self) -> tuple[PacketItem, ...]:
        ((count, longest),) = self._all("SELECT COUNT(*), COALESCE(MAX(length(question)), 0) FROM item")
        if count != self.header.items or count > form.MOST_ITEMS or longest > form.MOST_TEXT_CHARACTERS:
            raise damaged(self._name, "its questions are not as many, or longer, than they may be")
        rows = self._all("SELECT position, id, picture, question FROM item ORDER BY position")
        return tuple(PacketItem(position=p, id=i, picture=n, question=q) for p, i, n, q in rows)

    def _pictures(self) -> dict[int, PacketPicture]:
        rows = self._all("SELECT number, sha256, width_px, height_px, path FROM picture ORDER BY number")
        found = {n: PacketPicture(number=n, sha256=s, width_px=w, height_px=h, path=p) for n, s, w, h, p in rows}
        is_inside = self.header.pictures is Pictures.INCLUDE
        for picture in found.values():
            if picture.width_px < 1 or picture.height_px < 1 or is_inside == bool(picture.path):
                raise damaged(self._name, "what it says of its pictures makes no sense")
            if not is_inside and not stays_inside(picture.path):
                raise damaged(self._name, "it names a picture outside of its folder")
        if any(item.picture not in found for item in self.items):
            raise damaged(self._name, "a picture is missing")
        return found

    def _given(self, fields: list[Any]) -> Given:
        item, outcome, text, reason, note, active_seconds, answered_at = fields
        try:
            given = Given(
                item=item,
                outcome=Outcome(outcome),
                text=text,
                reason=AmbiguityReason(reason) if reason else None,
                note=note,
                active_seconds=float(active_seconds),
                answered_at=answered_at,
            )
            is_number = given.outcome is Outcome.ANSWERED
            sound = (Answer.of(text).text == text) if is_number else text == ""
        except ValueError:
            sound = False
        if not sound or len(note) > form.MOST_TEXT_CHARACTERS:
            raise damaged(self._name, "an answer in it cannot be read")
        return given


def stays_inside(path: str) -> bool:
    """Whether a relative path with POSIX slashes leads nowhere but down."""
    return bool(path) and not path.startswith("/") and ".." not in path.split("/") and not _ODD.search(path)


@contextmanager
def said_plainly(path: Path) -> Iterator[None]:
    """Turns what SQLite and the system say of a packet into a `PacketError`."""
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeError) as error:
        known = _packet_error(error, path)
        if known is None:
            raise
        raise known from error


def _packet_error(error: Exception, path: Path) -> PacketError | None:
    if isinstance(error, sqlite3.ProgrammingError | sqlite3.InterfaceError):
        return None  # a bug of ours
    if isinstance(error, OSError):
        return PacketError(
            f"{path.name} cannot be read ({error.strerror}).", hint="Check its permissions and the disk."
        )
    code = getattr(error, "sqlite_errorcode", None)
    primary = code & 0xFF if isinstance(code, int) else None
    if primary == sqlite3.SQLITE_NOTADB:
        return _foreign(path)
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return PacketError(f"{path.name} is held by another program.", hint="Close it there, and try again.")
    if primary in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        return PacketError(
            f"{path.name} could not be read or written ({error}).", hint="Free some disk space, or check the disk."
        )
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH):
        return PacketError(
            f"{path.name} cannot be opened for this ({error}).",
            hint="Check the permissions of the file and its folder, or copy it to a folder of your own.",
        )
    # What is left comes of bytes that are not as we wrote them: broken pages, text that is no UTF-8, endless values.
    return damaged(path.name, str(error))


def check_beginning(path: Path) -> None:
    """Looks whether there is a packet at all, without opening it.

    Raises:
        PacketError: There is nothing.
        PacketForeignError: There is something else.
    """
    if not path.exists():
        raise PacketError(f"There is no packet at {path}.", hint="Check the path.")
    if not path.is_file() or not is_packet(path):
        raise _foreign(path)


def _foreign(path: Path) -> PacketForeignError:
    return PacketForeignError(
        f"{path.name} is not a packet.", hint=f"Choose a {form.SUFFIX} file, as `hopchain packet make` writes it."
    )


def _needs_rollback(path: Path) -> bool:
    journal = path.with_name(path.name + "-journal")
    try:
        return journal.stat().st_size > 0
    except OSError:
        return False
