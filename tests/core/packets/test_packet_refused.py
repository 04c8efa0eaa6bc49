"""A damaged, foreign, forged or newer packet is refused with a clear error, and the project stays as it was."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hopchain_core.domain.review import Outcome
from hopchain_core.errors import (
    InputError,
    KnownError,
    PacketDamagedError,
    PacketError,
    PacketForeignError,
    PacketForgedError,
    PacketTooNewError,
)
from hopchain_core.packets import open_packet
from hopchain_core.packets.collect import read_packet
from hopchain_core.packets.file import reading
from hopchain_core.packets.form import Pictures, digest_of
from hopchain_core.packets.seals import answer_seal, header_seal, new_secret
from hopchain_core.project_packets import SECRET
from tests.core.packets.asked import Asking, asked
from tests.core.packets.states import changed, dump


def answered(project: Asking, path: Path, name: str = "ann", **changes: object) -> Path:
    """A packet with three answers."""
    made = project.make_packet(name, path, **changes)  # type: ignore[arg-type]
    with open_packet(made.path) as packet:
        for text in ("11", "12", "13"):
            item = packet.next()
            assert item is not None
            packet.answer(item.id, Outcome.ANSWERED, text, note="n")
    return made.path


@pytest.fixture
def packet(project: Asking, tmp_path: Path) -> Path:
    return answered(project, tmp_path / "a.hopchain-packet")


@contextmanager
def untouched(project: Asking) -> Iterator[None]:
    before = dump(project)
    yield
    assert dump(project) == before


def refused(project: Asking, *files: Path, kind: type[KnownError] = PacketError) -> str:
    with untouched(project), pytest.raises(kind) as caught:
        project.merge_packets(files)
    assert caught.value.hint
    return str(caught.value)


# Damaged


@pytest.mark.parametrize("kept", [0, 50, 99, 100, 512, 4096, 4097, 9000, 0.5, 0.9])
def test_that_a_file_cut_short_is_refused(project: Asking, packet: Path, kept: float) -> None:
    data = packet.read_bytes()
    packet.write_bytes(data[: int(kept * len(data)) if isinstance(kept, float) else kept])
    assert packet.name in refused(project, packet)


@pytest.mark.parametrize("page", range(1, 9))
def test_that_a_page_of_zeros_is_refused_or_changes_nothing(project: Asking, packet: Path, page: int) -> None:
    data = bytearray(packet.read_bytes())
    data[page * 4096 : (page + 1) * 4096] = bytes(4096)
    packet.write_bytes(data)
    assert _read(project, packet) in (None, ["11", "12", "13"])


def test_that_a_flipped_byte_is_refused_or_changes_nothing(project: Asking, packet: Path) -> None:
    whole = packet.read_bytes()
    assert _read(project, packet) == ["11", "12", "13"]

    @settings(max_examples=150, deadline=None)
    @given(where=st.floats(0, 1, exclude_max=True), flip=st.integers(1, 255))
    def flipped(where: float, flip: int) -> None:
        data = bytearray(whole)
        data[int(where * len(data))] ^= flip
        packet.write_bytes(data)
        assert _read(project, packet) in (None, ["11", "12", "13"])

    flipped()


def _read(project: Asking, packet: Path) -> list[str] | None:
    """The answers a merge would take; None where it refuses the packet."""
    with project.read() as read:
        try:
            found = read_packet(packet, project=project.uuid, secret=read.fact(SECRET), assignment_of=read.assignment)
        except PacketError:
            return None
    return [answer.answer.text if answer.answer else answer.outcome.value for answer in found.answers]


def test_that_a_folder_or_nothing_is_refused(project: Asking, tmp_path: Path) -> None:
    assert "no packet at" in refused(project, tmp_path / "none.hopchain-packet")
    assert "not a packet" in refused(project, project.path, kind=PacketForeignError)
    (tmp_path / "folder").mkdir()
    assert "not a packet" in refused(project, tmp_path / "folder", kind=PacketForeignError)


# Foreign


def test_that_a_packet_of_another_project_is_refused(project: Asking, tmp_path: Path) -> None:
    with asked(tmp_path / "other") as other:
        other.open_round()
        packet = answered(other, tmp_path / "b.hopchain-packet")
        assert "another project" in refused(project, packet, kind=PacketForeignError)
        project.make_packet("bob", tmp_path / "c.hopchain-packet")
        assert "another project" in refused(project, packet, kind=PacketForeignError)


def test_that_a_project_that_never_made_a_packet_takes_none(tmp_path: Path) -> None:
    with asked(tmp_path / "project") as project:
        project.open_round()
        project.close()
        copy = tmp_path / "copy"
        shutil.copytree(project.folder, copy)
    with Asking.open(tmp_path / "project" / "p.hopchain") as project:
        packet = answered(project, tmp_path / "a.hopchain-packet")
    with Asking.open(copy / "p.hopchain") as twin:
        assert "not made by this project" in refused(twin, packet, kind=PacketForeignError)


def test_that_answers_of_a_round_that_was_undone_are_refused(project: Asking, packet: Path) -> None:
    assert project.undo() is not None
    with pytest.raises(PacketForeignError, match="3 answers to questions that ann is not asked in round 1"):
        project.merge_packets([packet])
    project.redo()
    assert project.merge_packets([packet]).answers.new == 3


# Newer


def test_that_a_newer_packet_is_refused_before_anything_in_it_is_read(project: Asking, packet: Path) -> None:
    with closing(sqlite3.connect(packet)) as connection:
        connection.execute("PRAGMA user_version = 2")
        connection.execute("DROP TABLE answer")
        connection.execute("CREATE TABLE tomorrow (x)")
    assert "newer version" in refused(project, packet, kind=PacketTooNewError)
    with pytest.raises(PacketTooNewError):
        open_packet(packet)


# Forged


def test_that_an_answer_written_by_hand_is_refused(project: Asking, packet: Path) -> None:
    changed(packet, ("UPDATE answer SET text = '99' WHERE text = '12'", ()))
    assert "does not bear the packet's seal" in refused(project, packet, kind=PacketForgedError)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE answer SET answered_at = '2099-01-01T00:00:00+00:00'",
        "UPDATE answer SET note = 'another'",
        "UPDATE answer SET active_seconds = active_seconds + 60",
        "UPDATE answer SET outcome = 'bad', text = ''",
        "UPDATE answer SET reason = 'other', outcome = 'ambiguous', text = ''",
        "UPDATE answer SET seal = ''",
        "UPDATE answer SET item = (SELECT id FROM item WHERE id NOT IN (SELECT item FROM answer) LIMIT 1)"
        " WHERE text = '11'",
        "UPDATE answer SET item = 'elsewhere' WHERE text = '11'",
    ],
)
def test_that_no_part_of_an_answer_can_be_changed(project: Asking, packet: Path, change: str) -> None:
    changed(packet, (change, ()))
    refused(project, packet, kind=PacketForgedError)


@pytest.mark.parametrize(
    "change",
    ["UPDATE answer SET outcome = 'guessed'", "UPDATE answer SET text = 'twelve'", "UPDATE answer SET text = '012'"],
)
def test_that_an_answer_that_is_none_is_refused(project: Asking, packet: Path, change: str) -> None:
    changed(packet, (change, ()))
    refused(project, packet, kind=PacketDamagedError)


def test_that_answers_do_not_move_from_one_packet_to_another(project: Asking, tmp_path: Path, packet: Path) -> None:
    again = project.make_packet("ann", tmp_path / "again.hopchain-packet").path
    with closing(sqlite3.connect(again)) as connection:
        connection.execute("ATTACH ? AS other", (str(packet),))
        connection.execute("INSERT INTO answer SELECT * FROM other.answer")
        connection.commit()
    refused(project, again, kind=PacketForgedError)


def _rewritten(packet: Path, change: Callable[[dict[str, object]], None], *, secret: str | None = None) -> Path:
    """The packet with another header, its digest and its answers' seals made to fit, as a forger would."""
    with reading(packet) as rows:
        digest = digest_of(rows.items, rows.pictures.values())
        header, key, given = rows.header, rows.key, rows.answers()
    data = {**json.loads(header.text), "digest": digest}
    change(data)
    text = replace(header, **{**data, "pictures": Pictures(str(data["pictures"]))}).text
    statements: list[tuple[str, tuple[object, ...]]] = [("UPDATE packet SET value = ? WHERE name = 'header'", (text,))]
    if secret is not None:
        statements.append(("UPDATE packet SET value = ? WHERE name = 'seal'", (header_seal(secret, text),)))
    statements += [
        ("UPDATE answer SET seal = ? WHERE item = ?", (answer_seal(key, str(data["packet"]), one), one.item))
        for one in given
    ]
    return changed(packet, *statements)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("annotator", "bob"),
        ("round", 7),
        ("made_at", "2001-01-01T00:00:00+00:00"),
        ("packet", "0" * 32),
        ("title", "x"),
    ],
)
@pytest.mark.parametrize("reseals", [False, True], ids=["old seal", "seal of a made-up secret"])
def test_that_no_part_of_the_header_can_be_changed(
    project: Asking, packet: Path, name: str, value: object, reseals: bool
) -> None:
    secret = new_secret() if reseals else None
    _rewritten(packet, lambda header: header.update({name: value}), secret=secret)
    assert "seal of this project" in refused(project, packet, kind=PacketForgedError)


def test_that_a_changed_question_is_refused_also_with_its_digest_made_to_fit(project: Asking, packet: Path) -> None:
    changed(packet, ("UPDATE item SET question = 'What is 2 + 2?' WHERE position = 1", ()))
    assert "questions are not those" in refused(project, packet, kind=PacketDamagedError)
    with closing(sqlite3.connect(packet)) as connection:
        (text,) = connection.execute("SELECT value FROM packet WHERE name = 'header'").fetchone()
        (answers,) = connection.execute("SELECT COUNT(*) FROM answer").fetchone()
    assert answers == 3
    with _as_it_is(packet) as rows:
        digest = digest_of(*rows)
    changed(
        packet,
        ("UPDATE packet SET value = ? WHERE name = 'header'", (text.replace(json.loads(text)["digest"], digest),)),
    )
    assert "seal of this project" in refused(project, packet, kind=PacketForgedError)


@contextmanager
def _as_it_is(packet: Path) -> Iterator[tuple[list[object], list[object]]]:
    from hopchain_core.packets.form import PacketItem, PacketPicture

    with closing(sqlite3.connect(packet)) as connection:
        items = connection.execute("SELECT position, id, picture, question FROM item ORDER BY position").fetchall()
        pictures = connection.execute("SELECT * FROM picture ORDER BY number").fetchall()
    yield (
        [PacketItem(position=p, id=i, picture=n, question=q) for p, i, n, q in items],
        [PacketPicture(number=n, sha256=s, width_px=w, height_px=h, path=p) for n, s, w, h, p in pictures],
    )


def test_that_a_key_of_ones_own_is_no_key(project: Asking, packet: Path) -> None:
    with reading(packet) as rows:
        header, given = rows.header, rows.answers()
    key = new_secret()
    changed(
        packet,
        ("UPDATE packet SET value = ? WHERE name = 'key'", (key,)),
        *[
            (
                "UPDATE answer SET text = '99', seal = ? WHERE item = ?",
                (answer_seal(key, header.packet, replace(one, text="99")), one.item),
            )
            for one in given
        ],
    )
    with open_packet(packet) as opened:
        assert opened.recent()[0].text == "99"
    assert "key" in refused(project, packet, kind=PacketForgedError)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (x)",
        "CREATE VIEW more AS SELECT * FROM item",
        "CREATE TRIGGER more AFTER INSERT ON answer BEGIN DELETE FROM answer; END",
        "DROP TABLE draft",
        "DELETE FROM packet WHERE name = 'key'",
        "DELETE FROM packet WHERE name = 'header'",
        "UPDATE packet SET value = '[1]' WHERE name = 'header'",
        "UPDATE packet SET value = '{}' WHERE name = 'header'",
        "DELETE FROM item WHERE position = 6",
        "DELETE FROM picture",
    ],
)
def test_that_a_file_of_another_shape_is_refused(project: Asking, packet: Path, statement: str) -> None:
    changed(packet, (statement, ()))
    refused(project, packet, kind=PacketDamagedError)
    with pytest.raises(PacketDamagedError):
        open_packet(packet)


@pytest.mark.parametrize("path", ["../secret.png", "/etc/passwd", "a/../../b.png", "C:/x.png", "..\\x.png", ""])
def test_that_a_packet_cannot_name_a_picture_outside_of_its_folder(project: Asking, tmp_path: Path, path: str) -> None:
    packet = answered(project, tmp_path / "r.hopchain-packet", pictures=Pictures.REFERENCE)
    changed(packet, ("UPDATE picture SET path = ? WHERE number = 1", (path,)))
    for use in (open_packet, lambda file: project.merge_packets([file])):
        with untouched(project), pytest.raises(PacketDamagedError):
            use(packet)


def test_that_a_name_cannot_steer_the_terminal(project: Asking, packet: Path) -> None:
    _rewritten(packet, lambda header: header.update(title="Round 1\x1b[2J"))
    refused(project, packet, kind=PacketDamagedError)


def test_that_endless_texts_are_refused_unread(project: Asking, packet: Path) -> None:
    changed(packet, ("UPDATE item SET question = ? WHERE position = 1", ("x" * 20_000_000,)))
    refused(project, packet, kind=PacketDamagedError)
    changed(packet, ("UPDATE item SET question = 'x' WHERE position = 1", ()))
    changed(packet, ("UPDATE packet SET value = ? WHERE name = 'header'", ("x" * 20_000_000,)))
    refused(project, packet, kind=PacketDamagedError)


# Several at once


def test_that_one_bad_file_among_good_ones_leaves_all_out(project: Asking, tmp_path: Path) -> None:
    good = [answered(project, tmp_path / f"{name}.hopchain-packet", name) for name in ("ann", "bob")]
    bad = [tmp_path / "x.hopchain-packet", tmp_path / "y.hopchain-packet"]
    for path in bad:
        path.write_bytes(b"no")
    assert "x.hopchain-packet" in refused(project, good[0], bad[0], good[1])
    both = refused(project, *bad, *good)
    assert "2 of 4 files are refused" in both
    assert all(path.name in both for path in bad)
    with pytest.raises(InputError):
        project.merge_packets([])
    assert project.merge_packets(good).answers.new == 6


def test_that_an_annotator_who_is_not_there_is_refused(project: Asking, packet: Path) -> None:
    def forget(uow: object) -> None:
        uow.conn.exec_driver_sql("DELETE FROM annotator WHERE name = 'ann'")  # type: ignore[attr-defined]

    project.file.writer.submit(forget).result()  # type: ignore[arg-type]
    assert "no annotator 'ann'" in refused(project, packet, kind=InputError)
