"""No byte of a packet says what the annotator may not know."""

from __future__ import annotations

import base64
import gzip
import io
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import chain_to_json
from hopchain_core.domain.review import Annotation, Mark, MarkKind, Outcome
from hopchain_core.domain.rounds import RoundKind, RoundTerms
from hopchain_core.packets import open_packet
from hopchain_core.packets.form import SCHEMA, Pictures
from hopchain_core.packets.seals import item_id
from hopchain_core.project_packets import SECRET
from tests.core.packets.asked import CATEGORIES, PICTURES, Asking, asked, proposed

CHAINS = 12
GOLD_ANSWER = 5_550_101
BOBS_ANSWER = 8_880_202
OTHERS = ("bartholomew", "cassiopeia", "dorothea")
"""Long enough not to turn up by chance among bytes of pictures and seals."""
NOTES = (
    "curator thinks of gold here",
    "bob's secret note",
    "a comment on it",
    "rejected for a reason",
    "note on ann herself",
)


@pytest.fixture(params=list(Pictures))
def packet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Asking, Path]]:
    """A project full of what must not leak, and ann's packet of its round, half answered."""
    with asked(tmp_path / "project", CHAINS, ("ann", *OTHERS)) as project:
        chains = project.chains()
        for chain in chains[:3]:
            project.set_gold(chain.key, Answer.of(GOLD_ANSWER), note=NOTES[0])
        project.change_annotator("ann", note=NOTES[4])
        project.open_round(RoundTerms(gold_share=0.25))
        bob = project.blind(OTHERS[0])
        while (item := bob.next()) is not None:
            bob.answer(item.id, Outcome.ANSWERED, str(BOBS_ANSWER), note=NOTES[1])
        project.comment(chains[4].key, "cur", NOTES[2])
        project.mark(Mark(chain=chains[5].key, kind=MarkKind.REJECT, reason=NOTES[3]))
        edited = project.edit_chain(chains[6].key, question="A new wording", answer=Answer.of(proposed(500)))
        assert edited.key != chains[6].key
        made = project.make_packet("ann", project.folder / "a.hopchain-packet", pictures=request.param)
        with open_packet(made.path, pictures=project.folder) as opened:
            for n in range(4):
                item = opened.next()
                assert item is not None
                opened.answer(item.id, Outcome.ANSWERED, str(n))
        yield project, made.path


def unpacked(data: bytes) -> list[bytes]:
    """The bytes, and all that any stream in them unpacks to."""
    found = [data]
    for start in range(len(data) - 2):
        if data[start] == 0x78 and int.from_bytes(data[start : start + 2], "big") % 31 == 0:
            with_inflater = zlib.decompressobj()
            try:
                found.append(with_inflater.decompress(data[start:], 1_000_000))
            except zlib.error:
                continue
        elif data[start : start + 3] == b"\x1f\x8b\x08":
            try:
                found.append(gzip.GzipFile(fileobj=io.BytesIO(data[start:])).read(1_000_000))
            except (OSError, EOFError, zlib.error):
                continue
    return [part for part in found if part]


def spellings(word: str) -> list[bytes]:
    plain = word.encode()
    found = [plain, word.upper().encode(), word.encode("utf-16-le"), base64.b64encode(plain).rstrip(b"=")[:-1]]
    if word.isdecimal():
        found += [int(word).to_bytes(4, "big"), int(word).to_bytes(4, "little")]
    elif len(word) % 2 == 0 and not set(word) - set("0123456789abcdef"):
        found.append(bytes.fromhex(word))
    return found


def secrets_of(project: Asking) -> list[str]:
    found = [*CATEGORIES, *NOTES, str(GOLD_ANSWER), str(BOBS_ANSWER), *OTHERS, "gold", "proposed"]
    with project.read() as read:
        for image in read.images():
            found += [instance.key for instance in read.instances(image.key)]
            found += [i.mask.counts if hasattr(i.mask, "counts") else repr(i.mask) for i in read.instances(image.key)]
            for stored in read.chains(image.key):
                chain = stored.chain
                found += [chain.key, chain.answer.text, str(chain_to_json(chain))]
                found += [text for hop in chain.hops for text in (hop.sub_question, hop.output or "")]
        for number in (1,):
            found += list(read.assignment(number, "ann")) + list(read.round_gold(number))
        secret = read.fact(SECRET)
    assert secret is not None
    return [str(word) for word in dict.fromkeys([*found, secret]) if word]


def test_that_no_byte_of_a_packet_says_what_must_not_be_known(packet: tuple[Asking, Path]) -> None:
    project, path = packet
    parts = unpacked(path.read_bytes())
    leaked = [word for word in secrets_of(project) for said in spellings(word) if any(said in part for part in parts)]
    assert leaked == []


def test_that_the_search_would_find_a_leak(packet: tuple[Asking, Path]) -> None:
    project, path = packet
    for word in (project.chains()[4].key, str(GOLD_ANSWER), CATEGORIES[0]):
        for hidden in (word.encode(), zlib.compress(word.encode()), gzip.compress(word.encode())):
            parts = unpacked(path.read_bytes() + b"..." + hidden)
            assert any(said in part for said in spellings(word) for part in parts)


def test_that_gold_is_asked_like_everything_else(packet: tuple[Asking, Path]) -> None:
    project, path = packet
    with project.read() as read:
        gold, secret = read.round_gold(1), read.fact(SECRET)
    assert secret is not None
    assert gold
    golden = {item_id(secret, 1, "ann", key) for key in gold}
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT * FROM item").fetchall()
        columns = [name for _, name, *_ in connection.execute("PRAGMA table_info(item)")]
    assert columns == ["position", "id", "picture", "question"]
    assert golden <= {row[1] for row in rows}
    shapes = {(row[1] in golden, len(row[1]), type(row[2]), type(row[3])) for row in rows}
    assert len({shape[1:] for shape in shapes}) == 1


def test_that_a_packet_has_these_tables_and_no_others(packet: tuple[Asking, Path]) -> None:
    _, path = packet
    with closing(sqlite3.connect(path)) as connection:
        made = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")}
        facts = dict(connection.execute("SELECT name, value FROM packet"))
    assert made == set(SCHEMA)
    assert set(facts) == {"header", "seal", "key"}


def test_that_nothing_stays_behind_of_what_the_annotator_took_back(packet: tuple[Asking, Path]) -> None:
    _, path = packet
    with open_packet(path) as opened:
        item = opened.next()
        assert item is not None
        opened.answer(item.id, Outcome.ANSWERED, "31415926", note="what I first thought of it")
        opened.undo()
        opened.answer(item.id, Outcome.ANSWERED, "2")
    data = path.read_bytes()
    assert b"31415926" not in data
    assert b"what I first" not in data


def test_that_a_guess_cannot_be_checked_against_an_id(packet: tuple[Asking, Path]) -> None:
    project, path = packet
    with open_packet(path) as opened:
        ids = {item.id for item in opened.ahead(99)}
    with project.read() as read:
        keys = read.assignment(1, "ann")
        secret = read.fact(SECRET)
    assert secret is not None
    # Whoever guesses the whole chain knows its key, the packet's id and its key; none of them makes the item's id.
    with closing(sqlite3.connect(path)) as connection:
        (packet_key,) = connection.execute("SELECT value FROM packet WHERE name = 'key'").fetchone()
    assert ids <= {item_id(secret, 1, "ann", key) for key in keys}
    assert ids.isdisjoint(item_id(packet_key, 1, "ann", key) for key in keys)


def test_that_included_pictures_bring_no_file_names(tmp_path: Path) -> None:
    with asked(tmp_path / "project") as project:
        project.open_round()
        made = project.make_packet("ann", tmp_path / "a.hopchain-packet")
    data = made.path.read_bytes()
    assert b"pictures/" not in data
    assert b"picture 0" not in data
    assert str(tmp_path).encode() not in data


def test_that_a_qualification_names_no_answer(tmp_path: Path) -> None:
    with asked(tmp_path / "project") as project:
        for chain in project.chains():
            project.set_gold(chain.key, Answer.of(GOLD_ANSWER))
        project.open_round(RoundTerms(kind=RoundKind.QUALIFICATION))
        data = project.make_packet("ann", tmp_path / "a.hopchain-packet").path.read_bytes()
    assert str(GOLD_ANSWER).encode() not in data
    assert PICTURES > 1


def test_that_the_secret_goes_into_no_export(tmp_path: Path) -> None:
    from hopchain_core.project_status import manifest_facts

    with asked(tmp_path / "project") as project:
        project.open_round()
        project.make_packet("ann", tmp_path / "a.hopchain-packet")
        with project.read() as read:
            secret = read.fact(SECRET)
            facts = manifest_facts(read, name="p", uuid=project.uuid, seed=project.seed)
    assert secret is not None
    assert secret not in str(facts)


def test_that_annotations_made_by_hand_are_no_part_of_another_persons_packet(tmp_path: Path) -> None:
    with asked(tmp_path / "project") as project:
        project.open_round()
        key = project.chains()[0].key
        project.annotate(
            Annotation(chain=key, annotator="bob", outcome=Outcome.ANSWERED, answer=Answer.of(BOBS_ANSWER), note="psst")
        )
        data = project.make_packet("ann", tmp_path / "a.hopchain-packet").path.read_bytes()
    assert str(BOBS_ANSWER).encode() not in data
    assert b"psst" not in data
