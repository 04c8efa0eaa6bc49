"""Reading all pictures at once gives what reading them one by one gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.instances import Origin
from hopchain_core.domain.review import Annotation, Mark, MarkKind, Outcome
from hopchain_core.store import reads_owed
from hopchain_core.store.rows_chains import write_annotation, write_chains, write_mark
from hopchain_core.store.rows_sources import write_image, write_instances
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.jobs import synthetic
from tests.core.jobs.conftest import Bench, make_bench  # noqa: F401 - the fixture `bench_of`
from tests.core.jobs.synthetic import fixture_options


def _filled(bench: Bench) -> None:
    """Work that was superseded, pictures without anything, versions by people, answers and marks."""
    bench.run(fixture_options(composer={"flavour": "older"}))
    bench.run(fixture_options(composer={"fail": ["00003.png"]}))
    with bench.file.read() as read:
        relabelled, removed, *_ = read.instances(synthetic.picture(1).key)
        first, second, third, *_ = [s.chain for s in read.chains()]

    def change(uow: UnitOfWork) -> None:
        write_image(uow, synthetic.picture(50))
        by_person = {"origin": Origin.PERSON}
        write_instances(uow, None, [replace(relabelled, category="clock", supersedes=relabelled.key, **by_person)])
        write_instances(uow, None, [replace(removed, is_removed=True, supersedes=removed.key, **by_person)])
        write_chains(uow, None, [first.next_version(question="Which?")])
        write_mark(uow, Mark(chain=second.key, kind=MarkKind.REJECT))
        for who in ("Ben", "Ada"):
            write_annotation(
                uow, Annotation(chain=third.key, annotator=who, outcome=Outcome.ANSWERED, answer=Answer.of(4))
            )

    bench.file.writer.submit(change).result()


def test_that_both_ways_of_reading_agree(bench_of: Callable[[int], Bench]) -> None:
    bench = bench_of(6)
    _filled(bench)
    with bench.file.read() as read:
        instances = reads_owed.instances_by_picture(read)
        categories = reads_owed.categories_by_picture(read)
        objects = reads_owed.source_objects_by_picture(read)
        chains = reads_owed.chains_by_picture(read)
        seen = 0
        for image in list(read.images()):
            here = instances.of(image.key)
            assert sorted(here) == sorted((i.key, i.origin) for i in read.instances(image.key))
            assert categories.of(image.key) == read.categories(image.key)
            assert objects.of(image.key) == read.source_objects(image.key)
            found = [(s.chain.key, read.status(s.chain.key)) for s in read.chains(image.key)]
            assert list(chains.of(image.key)) == found
            seen += len(here) + len(found)
        assert seen == read.counts().instances + read.counts().chains
        answers = reads_owed.annotations_by_chain(read)
        assert {key: tuple(said) for key, said in answers.items()} == {key: read.annotations(key) for key in answers}
        assert [[a.annotator for a in said] for said in answers.values()] == [["Ada", "Ben"]]
