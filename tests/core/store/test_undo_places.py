"""Where a step of undo was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hopchain_core.domain.review import Mark, MarkKind
from hopchain_core.project import Project, StepPlaces
from tests.core.jobs import synthetic
from tests.core.jobs.synthetic import fixture_options


@pytest.fixture
def ran(tmp_path: Path) -> Iterator[Project]:
    with Project(synthetic.make_project(tmp_path / "p.hopchain", 2)) as opened:
        opened.run(options=fixture_options())
        yield opened


def test_that_a_project_in_which_nobody_did_anything_has_no_place(ran: Project) -> None:
    assert ran.undo_places() == (StepPlaces(), StepPlaces())


def test_that_a_changed_instance_leads_to_its_picture(ran: Project) -> None:
    image = synthetic.picture(1).key
    with ran.read() as read:
        keys = [instance.key for instance in read.instances(image)]
    ran.remove_instances(keys[:2])
    assert ran.undo_places()[0] == StepPlaces(images=(image,))
    ran.undo()
    assert ran.undo_places() == (StepPlaces(), StepPlaces(images=(image,)))


def test_that_instances_of_two_pictures_lead_to_both(ran: Project) -> None:
    pictures = (synthetic.picture(0).key, synthetic.picture(1).key)
    with ran.read() as read:
        keys = [read.instances(image)[0].key for image in pictures]
    ran.relabel_instances(keys, "thing")
    assert set(ran.undo_places()[0].images) == set(pictures)


def test_that_an_edit_leads_to_the_version_that_is_there(ran: Project) -> None:
    with ran.read() as read:
        chain = next(iter(read.chains(synthetic.picture(0).key))).chain
    made = ran.edit_chain(chain.key, question=f"{chain.question} Now")
    assert ran.undo_places()[0].chains == (made.key,)
    ran.undo()
    assert ran.undo_places()[1].chains == (chain.key,)
    ran.redo()
    assert ran.undo_places()[0].chains == (made.key,)


def test_that_a_decision_leads_to_its_chain(ran: Project) -> None:
    with ran.read() as read:
        chain = next(iter(read.chains(synthetic.picture(0).key))).chain
    ran.mark(Mark(chain=chain.key, kind=MarkKind.FLAG))
    ran.undo()
    assert ran.undo_places()[1] == StepPlaces(chains=(chain.key,))
