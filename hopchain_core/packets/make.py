"""Writes a packet: under another name first, so that there is never half of one."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import uuid
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from hopchain_core import __version__
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ChainKey, ImageKey
from hopchain_core.errors import InputError, PictureError
from hopchain_core.packets import form
from hopchain_core.packets.file import connect, said_plainly, stays_inside
from hopchain_core.packets.form import Header, PacketItem, PacketPicture, Pictures, digest_of
from hopchain_core.packets.pictures import from_folder, only_shown
from hopchain_core.packets.seals import answering_key, header_seal, item_id

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question for a packet.

    Attributes:
        chain: What it is in the project; only its seal goes into the packet.
        question: As it is asked.
        image: Its picture.
    """

    chain: ChainKey
    question: str
    image: Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a packet is to hold.

    Attributes:
        project: Uuid of the project.
        secret: Of the project.
        round: Number of the round.
        title: What the round is called.
        annotator: Whom it is for.
        asked: In order.
    """

    project: str
    secret: str
    round: int
    title: str
    annotator: str
    asked: Sequence[Asked]


@dataclass(frozen=True, slots=True, kw_only=True)
class MadePacket:
    """A packet that was written.

    Attributes:
        path: The file.
        header: What it says of itself.
        pictures: How many there are.
        size_bytes: Of the file.
    """

    path: Path
    header: Header
    pictures: int
    size_bytes: int


def file_name(annotator: str, round_number: int) -> str:
    """A name for a packet's file, safe on every system."""
    name = re.sub(r"[^\w.-]+", "-", annotator).strip(".-") or "annotator"
    return f"{name[:60]}-round-{round_number}{form.SUFFIX}"


def write_packet(
    out: Path,
    order: Order,
    folder: Path,
    pictures: Pictures = Pictures.INCLUDE,
    *,
    keep_metadata: bool = False,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> MadePacket:
    """Writes a packet.

    Args:
        out: The file; nothing may be there.
        order: What it is to hold.
        folder: That relative picture paths start from.
        pictures: Whether their files go in.
        keep_metadata: Put files in as they are, with the place and the names that cameras wrote into them. Files that are
            only referred to are as they are anyway.
        on_progress: Told how many pictures are done and how many there are.

    Raises:
        InputError: Something is at `out`, its folder is not there, or a picture is missing, has changed or lies outside
            of the project's folder while it is only to be referred to.
        PacketError: The disk is full, or the folder cannot be written to.
    """
    out = out.absolute()
    if not out.parent.is_dir():
        raise InputError(f"There is no folder {out.parent}.", hint="Make the folder first.")
    if out.exists():
        raise InputError(f"{out} is there already, perhaps with answers in it.", hint="Choose another name.")
    images = list({asked.image.key: asked.image for asked in order.asked}.values())
    numbers = {image.key: number for number, image in enumerate(images, start=1)}
    is_inside = pictures is Pictures.INCLUDE
    if not is_inside:
        _refuse_outside(images)
    items = _items(order, numbers)
    packet = uuid.uuid4().hex
    unfinished = out.with_name(f".{out.name}.{packet}.new")
    try:
        with said_plainly(out), closing(_new(unfinished)) as connection:
            listed = [_picture(image, numbers[image.key], is_inside=is_inside) for image in images]
            if is_inside:
                # Before the header, whose digest names the bytes that lie here.
                taken = only_shown if not keep_metadata else bytes
                listed = _write_files(connection, folder, images, listed, taken, on_progress)
            header = _header(packet, order, pictures, items, listed)
            _write(connection, order, header, items, listed)
            connection.execute("COMMIT")
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        size = unfinished.stat().st_size
        unfinished.rename(out)
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return MadePacket(path=out, header=header, pictures=len(listed), size_bytes=size)


def _header(
    packet: str, order: Order, pictures: Pictures, items: Sequence[PacketItem], listed: Sequence[PacketPicture]
) -> Header:
    return Header(
        packet=packet,
        project=order.project,
        round=order.round,
        title=order.title,
        annotator=order.annotator,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        made_by=__version__,
        pictures=pictures,
        items=len(items),
        digest=digest_of(items, listed),
    )


def _new(path: Path) -> sqlite3.Connection:
    connection = connect(path, "rwc")
    try:
        connection.execute("PRAGMA journal_mode = OFF")  # until it has its name nobody misses it
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA application_id = {form.APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {form.FORMAT}")
        connection.execute("BEGIN")
        for statement in form.SCHEMA:
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def _write(
    connection: sqlite3.Connection,
    order: Order,
    header: Header,
    items: Sequence[PacketItem],
    pictures: Sequence[PacketPicture],
) -> None:
    facts = {
        "header": header.text,
        "seal": header_seal(order.secret, header.text),
        "key": answering_key(order.secret, header.packet),
    }
    connection.executemany("INSERT INTO packet VALUES (?, ?)", facts.items())
    connection.executemany(
        "INSERT INTO item VALUES (?, ?, ?, ?)", ((i.position, i.id, i.picture, i.question) for i in items)
    )
    connection.executemany(
        "INSERT INTO picture VALUES (?, ?, ?, ?, ?)",
        ((p.number, p.sha256, p.width_px, p.height_px, p.path) for p in pictures),
    )


def _write_files(
    connection: sqlite3.Connection,
    folder: Path,
    images: Sequence[Image],
    pictures: Sequence[PacketPicture],
    taken: Callable[[bytes], bytes],
    on_progress: Callable[[int, int], None],
) -> list[PacketPicture]:
    """Puts the files in, and gives the pictures with the hashes of the bytes that went in."""
    failed: list[str] = []
    put: list[PacketPicture] = []
    for done, (image, picture) in enumerate(zip(images, pictures, strict=True), start=1):
        try:
            data = taken(from_folder(folder, replace(picture, path=image.path)))
        except PictureError as error:
            failed.append(f"{image.path} ({error.kind})")
            continue
        if len(data) > form.MOST_PICTURE_BYTES:
            raise InputError(f"{image.path} is too large for a packet.", hint="Use --pictures reference.")
        connection.execute("INSERT INTO picture_file VALUES (?, ?)", (picture.number, data))
        put.append(replace(picture, sha256=hashlib.sha256(data).hexdigest()))
        on_progress(done, len(images))
    if failed:
        raise InputError(
            f"{len(failed)} pictures cannot be put in: {_named(failed)}.",
            hint="Find them again with `hopchain relink`, or use --pictures reference.",
        )
    return put


def _items(order: Order, numbers: dict[ImageKey, int]) -> tuple[PacketItem, ...]:
    if not order.asked:
        raise InputError(f"There is nothing left for {order.annotator} to answer in round {order.round}.")
    longest = max(len(asked.question) for asked in order.asked)
    if longest > form.MOST_TEXT_CHARACTERS or len(order.asked) > form.MOST_ITEMS:
        raise InputError("There are more questions, or longer ones, than a packet holds.")
    return tuple(
        PacketItem(
            position=position,
            id=item_id(order.secret, order.round, order.annotator, asked.chain),
            picture=numbers[asked.image.key],
            question=asked.question,
        )
        for position, asked in enumerate(order.asked, start=1)
    )


def _picture(image: Image, number: int, *, is_inside: bool) -> PacketPicture:
    return PacketPicture(
        number=number,
        sha256=image.key,
        width_px=image.width_px,
        height_px=image.height_px,
        # The name of a file may say what is in the picture; one that lies in the packet needs none.
        path="" if is_inside else image.path,
    )


def _refuse_outside(images: Sequence[Image]) -> None:
    outside = [image.path for image in images if not stays_inside(image.path)]
    if outside:
        raise InputError(
            f"{len(outside)} pictures lie outside of the project's folder: {_named(outside)}.",
            hint="Use --pictures include.",
        )


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
