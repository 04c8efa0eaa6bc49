"""What goes into a packet, and where it is refused to make one."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from hopchain_core.blind import BlindSource
from hopchain_core.domain.review import Annotation, Mark, MarkKind, Outcome
from hopchain_core.domain.rounds import RoundKind, RoundTerms
from hopchain_core.errors import InputError, KnownError, PacketError, PictureError, ProjectLockedError
from hopchain_core.packets import is_packet, open_packet
from hopchain_core.packets.form import Pictures
from hopchain_core.packets.make import file_name
from tests.core.packets.asked import PICTURES, Asking, asked, question


def test_that_a_packet_asks_what_the_project_asks_in_the_same_order(project: Asking, tmp_path: Path) -> None:
    made = project.make_packet("ann", tmp_path / "a.hopchain-packet")
    ours = project.blind("ann")
    with open_packet(made.path) as packet:
        source: BlindSource = packet
        assert [i.question for i in source.ahead(99)] == [i.question for i in ours.ahead(99)]
        assert (source.title, source.annotator) == (ours.title, "ann")
        assert (made.header.items, made.pictures) == (6, PICTURES)


def test_that_pictures_in_a_packet_are_those_of_the_project(project: Asking, tmp_path: Path) -> None:
    made = project.make_packet("ann", tmp_path / "a.hopchain-packet")
    ours = project.blind("ann")
    with open_packet(made.path) as packet:
        for item, other in zip(packet.ahead(6), ours.ahead(6), strict=True):
            seen = packet.read_picture(item.id)
            assert seen.shape == (item.height_px, item.width_px, 3)
            assert np.array_equal(seen, ours.read_picture(other.id))
            assert packet.read_picture(item.id, 16).shape == (12, 16, 3)


def test_that_referenced_pictures_are_found_beside_the_packet_or_where_one_says(
    project: Asking, tmp_path: Path
) -> None:
    beside = project.make_packet("ann", project.folder / "a.hopchain-packet", pictures=Pictures.REFERENCE)
    with open_packet(beside.path) as packet:
        item = packet.next()
        assert item is not None
        assert item.path.startswith("pictures/")
        assert packet.read_picture(item.id).shape == (48, 64, 3)
    elsewhere = project.make_packet("bob", tmp_path / "b.hopchain-packet", pictures=Pictures.REFERENCE)
    with open_packet(elsewhere.path) as packet:
        item = packet.next()
        assert item is not None
        with pytest.raises(PictureError, match=r"no such file.*--pictures"):
            packet.read_picture(item.id)
    with open_packet(elsewhere.path, pictures=project.folder) as packet:
        assert packet.read_picture(item.id).shape == (48, 64, 3)


def test_that_another_picture_under_the_same_name_is_not_shown(project: Asking) -> None:
    made = project.make_packet("ann", project.folder / "a.hopchain-packet", pictures=Pictures.REFERENCE)
    with open_packet(made.path) as packet:
        item = packet.next()
        assert item is not None
        path = project.folder / item.path
        path.write_bytes(path.read_bytes() + b"\0")
        with pytest.raises(PictureError, match="not the picture") as caught:
            packet.read_picture(item.id)
    assert caught.value.kind == "changed"


def test_that_what_is_answered_edited_or_rejected_is_not_asked_again(project: Asking, tmp_path: Path) -> None:
    answered, edited, rejected = project.chains()[:3]
    source = project.blind("ann")
    first = next(item for item in source.ahead(6) if item.question == answered.question)
    source.answer(first.id, Outcome.ANSWERED, "4")
    project.edit_chain(edited.key, question="Another wording: which value do you reach?")
    project.mark(Mark(chain=rejected.key, kind=MarkKind.REJECT))
    made = project.make_packet("ann", tmp_path / "a.hopchain-packet")
    with open_packet(made.path) as packet:
        assert sorted(item.question for item in packet.ahead(9)) == [question(n) for n in (3, 4, 5)]


def test_that_a_folder_gets_a_file_named_after_person_and_round(project: Asking, tmp_path: Path) -> None:
    made = project.make_packet("ann", tmp_path)
    assert made.path == tmp_path / "ann-round-1.hopchain-packet"
    assert is_packet(made.path)
    assert {p.name for p in tmp_path.iterdir()} == {"project", made.path.name}


@pytest.mark.parametrize(
    ("name", "file"), [("../../etc", "etc"), ("Ann B.", "Ann-B"), ("Łucja", "Łucja"), ("…", "annotator")]
)
def test_that_a_name_cannot_lead_the_file_elsewhere(name: str, file: str) -> None:
    assert file_name(name, 2) == f"{file}-round-2.hopchain-packet"


def test_that_a_qualification_comes_first_and_says_that_it_is_one(tmp_path: Path) -> None:
    with asked(tmp_path / "project") as project:
        for chain in project.chains()[:2]:
            project.set_gold(chain.key)
        project.open_round(RoundTerms(kind=RoundKind.QUALIFICATION))
        made = project.make_packet("ann", tmp_path)
        assert (made.header.title, made.header.items) == ("Qualification 1", 2)


def refused(project: Asking, out: Path, name: str = "ann", **changes: object) -> KnownError:
    before = sorted(out.parent.iterdir()) if out.parent.is_dir() else []
    with pytest.raises(KnownError) as caught:
        project.make_packet(name, out, **changes)  # type: ignore[arg-type]
    assert (sorted(out.parent.iterdir()) if out.parent.is_dir() else []) == before
    return caught.value


def test_that_a_file_that_is_there_is_not_written_over(project: Asking, tmp_path: Path) -> None:
    out = tmp_path / "a.hopchain-packet"
    project.make_packet("ann", out)
    before = out.read_bytes()
    error = refused(project, out)
    assert isinstance(error, InputError)
    assert "there already" in str(error)
    assert out.read_bytes() == before


def test_that_making_is_refused_with_a_reason(project: Asking, tmp_path: Path) -> None:
    out = tmp_path / "a.hopchain-packet"
    assert "no annotator" in str(refused(project, out, "eve"))
    assert "no round 9" in str(refused(project, out, round=9))
    assert "There is no folder" in str(refused(project, tmp_path / "none" / "a.hopchain-packet"))
    project.change_annotator("bob", is_active=False)
    assert "not active" in str(refused(project, out, "bob"))
    project.close_round(1)
    assert refused(project, out, round=1).hint


def test_that_nothing_left_makes_no_packet(project: Asking, tmp_path: Path) -> None:
    for chain in project.chains():
        project.annotate(Annotation(chain=chain.key, annotator="ann", outcome=Outcome.BAD, answer=None))
    assert "nothing left" in str(refused(project, tmp_path / "a.hopchain-packet"))


def test_that_missing_pictures_are_named_and_nothing_is_written(project: Asking, tmp_path: Path) -> None:
    (project.folder / "pictures" / "picture 1.png").unlink()
    (project.folder / "pictures" / "picture 2.png").write_bytes(b"else")
    error = refused(project, tmp_path / "a.hopchain-packet")
    assert "2 pictures" in str(error)
    assert "picture 1.png (missing)" in str(error)
    assert "picture 2.png (changed)" in str(error)
    assert "relink" in error.hint


def test_that_a_picture_outside_of_the_folder_is_not_referred_to(project: Asking, tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    (project.folder / "pictures" / "picture 0.png").rename(outside)
    project.relink([tmp_path])
    assert "lie outside" in str(refused(project, tmp_path / "a.hopchain-packet", pictures=Pictures.REFERENCE))
    made = project.make_packet("ann", tmp_path / "b.hopchain-packet")
    assert made.header.items == 6


def test_that_making_is_no_step_of_undo(project: Asking, tmp_path: Path) -> None:
    before = project.undo_texts()
    project.make_packet("ann", tmp_path)
    assert project.undo_texts() == before


def test_that_ids_of_one_question_differ_between_people_and_stay_within_one(project: Asking, tmp_path: Path) -> None:
    ids: dict[str, dict[str, str]] = {}
    for name, person in (("a", "ann"), ("b", "bob"), ("again", "ann")):
        made = project.make_packet(person, tmp_path / f"{name}.hopchain-packet")
        with open_packet(made.path) as packet:
            ids[name] = {item.question: item.id for item in packet.ahead(9)}
    assert ids["a"] == ids["again"]
    assert set(ids["a"].values()).isdisjoint(ids["b"].values())


def test_that_one_packet_is_answered_by_one_at_a_time(project: Asking, tmp_path: Path) -> None:
    made = project.make_packet("ann", tmp_path)
    with open_packet(made.path), pytest.raises(ProjectLockedError):
        open_packet(made.path)
    with open_packet(made.path) as packet:
        assert packet.next()
    assert not list(tmp_path.glob("*.lock"))


def test_that_the_file_is_one_sqlite_file_without_others_beside_it(project: Asking, tmp_path: Path) -> None:
    made = project.make_packet("ann", tmp_path)
    with open_packet(made.path) as packet:
        item = packet.next()
        assert item is not None
        packet.answer(item.id, Outcome.ANSWERED, "3")
        assert not list(tmp_path.glob("*-wal")) + list(tmp_path.glob("*-journal"))
    with closing(sqlite3.connect(made.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"SQLite format 3\0" + bytes(200)], ids=["empty", "text", "other sqlite"]
)
def test_that_what_is_no_packet_is_not_opened(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.hopchain-packet"
    path.write_bytes(content)
    assert not is_packet(path)
    with pytest.raises(PacketError, match="not a packet"):
        open_packet(path)
    with pytest.raises(PacketError, match="no packet at"):
        open_packet(tmp_path / "none")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
