"""What people do with the instances of a picture, and what of chains is read beside them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.instances import Attribute, AttributeName, Instance, Origin
from hopchain_core.domain.keys import ImageKey
from hopchain_core.errors import InputError
from hopchain_core.project import Project
from tests.core.jobs import synthetic
from tests.core.jobs.synthetic import fixture_options


@pytest.fixture
def ran(tmp_path: Path) -> Iterator[Project]:
    """Two annotated pictures after all stages."""
    with Project(synthetic.make_project(tmp_path / "p.hopchain", 2)) as opened:
        opened.run(options=fixture_options())
        yield opened


def _instances(project: Project, number: int = 0) -> tuple[Instance, ...]:
    with project.read() as read:
        return read.instances(synthetic.picture(number).key)


def _disc(x0: int, y0: int, side: int = 20) -> Mask:
    bitmap = np.zeros((synthetic.HEIGHT, synthetic.WIDTH), dtype=bool)
    bitmap[y0 : y0 + side, x0 : x0 + side] = True
    return Mask.from_bitmap(bitmap)


def test_that_a_relabelled_instance_is_a_persons_next_version(ran: Project) -> None:
    old, *others = _instances(ran)
    (new,) = ran.relabel_instances([old.key], "  Clock ")
    assert (new.category, new.origin, new.supersedes, new.box) == ("clock", Origin.PERSON, old.key, old.box)
    assert set(_instances(ran)) == {new, *others}
    with pytest.raises(InputError, match="changed or removed since"):
        ran.relabel_instances([old.key], "cup")
    with pytest.raises(InputError, match="needs a category"):
        ran.relabel_instances([new.key], "  ")


def test_that_a_removed_instance_is_seen_no_more_and_undo_brings_it_back(ran: Project) -> None:
    before = _instances(ran)
    ran.remove_instances([before[0].key])
    assert _instances(ran) == before[1:]
    assert ran.undo() == "Remove instance"
    assert _instances(ran) == before
    assert ran.redo() == "Remove instance"
    assert _instances(ran) == before[1:]


def test_that_a_drawn_instance_takes_the_bounds_of_its_mask(ran: Project) -> None:
    bitmap = np.zeros((synthetic.HEIGHT, synthetic.WIDTH), dtype=bool)
    bitmap[10:20, 30:50] = True
    image = synthetic.picture(0).key
    drawn = ran.add_instance(image, "Clock", Box(0, 0, 5, 5), Mask.from_bitmap(bitmap))
    assert (drawn.box, drawn.category, drawn.origin, drawn.score) == (
        Box(30, 10, 50, 20), "clock", Origin.PERSON, None,
    )  # fmt: skip
    moved = ran.redraw_instance(drawn.key, Box(1, 2, 3, 4))
    assert (moved.box, moved.mask, moved.category) == (Box(1, 2, 3, 4), None, "clock")
    assert moved in _instances(ran)
    assert drawn not in _instances(ran)


@pytest.mark.parametrize("box", [Box(600, 10, 660, 20), Box(10, 10, 10, 20)])
def test_that_an_instance_outside_its_picture_or_without_area_is_refused(ran: Project, box: Box) -> None:
    with pytest.raises(InputError, match="inside its picture"):
        ran.add_instance(synthetic.picture(0).key, "clock", box)
    with pytest.raises(InputError, match="no such picture"):
        ran.add_instance(ImageKey("0" * 64), "clock", Box(1, 1, 9, 9))


def test_that_hiding_an_instance_changes_nothing_that_counts(ran: Project) -> None:
    instance = _instances(ran)[0]
    ran.hide_instances([instance.key])
    assert instance in _instances(ran)
    assert [s.owed for s in ran.status().stages] == [0] * 6
    assert ran.undo_texts()[0] == "Hide instance"
    ran.hide_instances([instance.key])
    assert ran.undo() == "Hide instance"
    assert ran.undo_texts()[0] is None


def test_that_several_are_relabelled_in_one_step(ran: Project) -> None:
    before = _instances(ran)
    after = ran.relabel_instances([i.key for i in before[:2]], "clock")
    assert [i.category for i in after] == ["clock", "clock"]
    assert ran.undo() == "Relabel as clock"
    assert _instances(ran) == before
    assert ran.undo_texts()[0] is None


def test_that_a_label_an_instance_has_already_changes_nothing(ran: Project) -> None:
    before = _instances(ran)
    assert ran.relabel_instances([before[0].key], before[0].category) == (before[0],)
    assert ran.undo_texts()[0] is None


def test_that_what_leaves_the_picture_cannot_be_redrawn(ran: Project) -> None:
    instance = _instances(ran)[0]
    for box in (Box(-5, 1, 9, 9), Box(4, 4, 4, 9)):
        with pytest.raises(InputError, match="inside its picture"):
            ran.redraw_instance(instance.key, box)


def test_that_parts_merged_are_one_instance_and_undo_parts_them(ran: Project) -> None:
    image = synthetic.picture(0).key
    parts = [ran.add_instance(image, name, Box(0, 0, 1, 1), _disc(x, 10)) for name, x in (("clock", 10), ("bell", 60))]
    before = _instances(ran)
    whole = ran.merge_instances([p.key for p in parts])
    assert (whole.category, whole.box, whole.area_px, whole.supersedes) == (
        "clock", Box(10, 10, 80, 30), 800, parts[0].key,
    )  # fmt: skip
    assert set(_instances(ran)) == set(before) - set(parts) | {whole}
    assert ran.undo() == "Merge instances"
    assert _instances(ran) == before


def test_that_boxes_alone_merge_into_the_box_round_them(ran: Project) -> None:
    image = synthetic.picture(0).key
    parts = [ran.add_instance(image, "clock", box) for box in (Box(5, 50, 20, 60), Box(30, 40, 50, 45))]
    assert ran.merge_instances([p.key for p in parts]).box == Box(5, 40, 50, 60)


def test_that_what_cannot_be_one_instance_is_not_merged(ran: Project) -> None:
    image = synthetic.picture(0).key
    masked = ran.add_instance(image, "clock", Box(0, 0, 1, 1), _disc(10, 10))
    boxed = ran.add_instance(image, "bell", Box(5, 50, 20, 60))
    elsewhere = _instances(ran, 1)[0]
    before = _instances(ran)
    for keys, why in (
        ([masked.key], "two instances or more"),
        ([masked.key, masked.key], "two instances or more"),
        ([masked.key, elsewhere.key], "two pictures"),
        ([masked.key, boxed.key], "bell has a box only"),
        ([], "no such instance"),
    ):
        with pytest.raises(InputError, match=why):
            ran.merge_instances(keys)
    assert _instances(ran) == before


def test_that_an_instance_is_described_by_a_person(ran: Project) -> None:
    old = _instances(ran)[0]
    new = ran.describe_instance(old.key, {AttributeName.COLOUR: " Dark  RED ", AttributeName.TEXT: "No. 7"})
    assert new.attributes == (
        Attribute(AttributeName.COLOUR, "dark red", Origin.PERSON), Attribute(AttributeName.TEXT, "No. 7", Origin.PERSON),
    )  # fmt: skip
    assert (new.score, new.origin, new.mask, new.supersedes) == (old.score, old.origin, old.mask, old.key)
    bare = ran.describe_instance(new.key, {AttributeName.COLOUR: ""})
    assert [a.name for a in bare.attributes] == [AttributeName.TEXT]
    assert ran.describe_instance(bare.key, {AttributeName.TEXT: "No. 7"}) == bare


def test_that_hidden_instances_are_told_of_their_picture(ran: Project) -> None:
    first, second, *_ = _instances(ran)
    ran.hide_instances([first.key, second.key])
    with ran.read() as read:
        assert read.hidden_instances(synthetic.picture(0).key) == {first.key, second.key}
        assert not read.hidden_instances(synthetic.picture(1).key)
    ran.hide_instances([first.key], hidden=False)
    with ran.read() as read:
        assert read.hidden_instances(synthetic.picture(0).key) == {second.key}


def test_that_an_edited_instance_stays_hidden_and_one_undo_takes_it_back(ran: Project) -> None:
    first, *_ = _instances(ran)
    image = synthetic.picture(0).key
    ran.hide_instances([first.key])
    (new,) = ran.relabel_instances([first.key], "clock")
    with ran.read() as read:
        assert read.hidden_instances(image) == {new.key}
    assert ran.undo() == "Relabel as clock"
    with ran.read() as read:
        assert read.hidden_instances(image) == {first.key}


def test_that_the_chains_that_use_an_instance_are_found(ran: Project) -> None:
    with ran.read() as read:
        chain = next(read.chains())
        member = chain.chain.instances[0]
        users = read.chains_using([member])
        assert chain in users
        assert all(member in str(user.chain) for user in users)
        assert read.chains_using([]) == ()
    drawn = ran.add_instance(chain.chain.image, "clock", Box(1, 1, 9, 9))
    with ran.read() as read:
        assert read.chains_using([drawn.key]) == ()


def test_that_a_chain_says_in_words_what_became_of_its_instance(ran: Project) -> None:
    with ran.read() as read:
        chain = next(stored.chain for stored in read.chains())
        old = next(i for i in read.instances(chain.image) if i.key in chain.instances)

    def said() -> set[str]:
        messages = [f.message for f in ran.findings_in(chain) if f.rule == "references"]
        assert not any(key in message for key in chain.instances for message in messages)
        return {message.partition(" speaks of ")[2] or message for message in messages}

    assert not said()
    (renamed,) = ran.relabel_instances([old.key], "umbrella")
    assert any(f"a {old.category} that is called umbrella now." in message for message in said())
    ran.remove_instances([renamed.key])
    assert any(f"a {old.category} that was removed from the picture." in message for message in said())
    ran.undo()
    ran.undo()
    assert not said()


def test_that_every_version_of_a_chain_is_found_from_any_of_them(ran: Project) -> None:
    with ran.read() as read:
        first = next(read.chains()).chain
    second = ran.edit_chain(first.key, question="Which number?")
    third = ran.edit_chain(second.key, question="Which number is it?")
    for version in (first, second, third):
        with ran.read() as read:
            assert [s.chain for s in read.versions(version.key)] == [first, second, third]
    with ran.read() as read:
        times = [read.edited_at(stored) for stored in read.versions(first.key)]
    assert times[0] is None
    assert all(time is not None and time.startswith("20") for time in times[1:])
    ran.undo()
    with ran.read() as read:
        assert [s.chain for s in read.versions(first.key)] == [first, second]
        assert read.versions(third.key) == ()


def test_that_comments_come_oldest_first_with_their_author(ran: Project) -> None:
    with ran.read() as read:
        one, other = [s.chain.key for s in read.chains()][:2]
    ran.comment(one, "Ada", "Which cup?")
    ran.comment(other, "Bo", "Fine.")
    ran.comment(one, "Cy", "The left one.")
    with ran.read() as read:
        assert [(c.author, c.text, c.chain) for c in read.comments([one])] == [
            ("Ada", "Which cup?", one), ("Cy", "The left one.", one),
        ]  # fmt: skip
        assert [c.author for c in read.comments([one, other])] == ["Ada", "Bo", "Cy"]


def test_that_proposals_kept_are_one_step_with_their_scores(ran: Project) -> None:
    image = synthetic.picture(0).key
    before = _instances(ran)
    twice = _disc(60, 10)
    kept = ran.add_instances(image, " Clock ", [(_disc(10, 10), 0.9), (twice, 0.7), (twice, 0.7)])
    assert [(i.category, i.box, i.score, i.origin) for i in kept] == [
        ("clock", Box(10, 10, 30, 30), 0.9, Origin.MODEL),
        ("clock", Box(60, 10, 80, 30), 0.7, Origin.MODEL),
    ]
    assert set(_instances(ran)) == {*before, *kept}
    with pytest.raises(InputError, match="Nothing new"):
        ran.add_instances(image, "clock", [(twice, 0.7)])
    assert ran.undo() is not None
    assert _instances(ran) == before
    assert ran.redo() is not None
    assert set(_instances(ran)) == {*before, *kept}


def test_that_proposals_of_another_size_or_empty_write_nothing(ran: Project) -> None:
    image, before = synthetic.picture(0).key, _instances(ran)
    for bitmap in (np.ones((4, 4), dtype=bool), np.zeros((synthetic.HEIGHT, synthetic.WIDTH), dtype=bool)):
        with pytest.raises(InputError, match="inside its picture"):
            ran.add_instances(image, "clock", [(_disc(10, 10), 0.9), (Mask.from_bitmap(bitmap), 0.8)])
    with pytest.raises(InputError, match="needs a category"):
        ran.add_instances(image, "  ", [(_disc(10, 10), 0.9)])
    with pytest.raises(InputError, match="no such picture"):
        ran.add_instances(ImageKey("0" * 64), "clock", [(_disc(10, 10), 0.9)])
    assert _instances(ran) == before
