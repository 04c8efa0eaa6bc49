"""What a window shows beside its lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hopchain_core.domain.chains import Composer
from hopchain_core.domain.provenance import WorkStatus
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.queries import ChainFilter, ImageQuery
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_overview import FailingItem
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.store.samples import work
from tests.core.store.test_queries import CHAINS, IMAGES, fill, names


def fail(uow: UnitOfWork) -> None:
    work(uow, "compose", IMAGES[4].key, "f1", status=WorkStatus.FAILED)
    work(uow, "segment", IMAGES[3].key, "older", item_key="x", status=WorkStatus.FAILED)
    work(uow, "segment", "elsewhere", "f1")
    work(uow, "solve", CHAINS[0].key, "f1", status=WorkStatus.FAILED)


@pytest.fixture
def filled(project: ProjectFile) -> ProjectFile:
    project.writer.submit(fill).result()
    project.writer.submit(fail).result()
    return project


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (ImageQuery(anywhere="DOG"), ["cup%2", "dog"]),
        (ImageQuery(anywhere="which"), ["cup%2"]),
        (ImageQuery(anywhere="cup"), ["Bird", "cup%2", "cup_1"]),
        (ImageQuery(anywhere="before"), []),
        (ImageQuery(category=("dog", "cup")), ["Bird", "cup%2", "cup_1"]),
        (ImageQuery(or_without_chains=True), ["empty"]),
        (ImageQuery(or_failing=True), ["Bird", "empty"]),
        (ImageQuery(or_failing=True, or_without_chains=True, chains=ChainFilter(status=ChainStatus.REJECTED)),
         ["Bird", "cup%2", "empty"]),
        (ImageQuery(or_without_chains=True, chains=ChainFilter(rule="leak")), []),
        (ImageQuery(or_failing=True, chains=ChainFilter(rule="leak")), ["Bird"]),
        (ImageQuery(chains=ChainFilter(status=(ChainStatus.REJECTED, ChainStatus.UNAUDITED))), ["cup%2", "dog"]),
        (ImageQuery(chains=ChainFilter(rule=("leak", "bare"))), ["Bird", "cup%2", "cup_1"]),
        (ImageQuery(chains=ChainFilter(composer=(Composer.VLM, Composer.PERSON))), ["cup%2"]),
    ],
    ids=repr,
)  # fmt: skip
def test_that_one_of_several_values_is_enough(filled: ProjectFile, query: ImageQuery, wanted: list[str]) -> None:
    with filled.read() as reader:
        assert names(reader, query) == wanted


def test_that_a_row_of_a_picture_names_the_stages_that_fail_on_it(filled: ProjectFile) -> None:
    with filled.read() as reader:
        rows = {row.path: row.failing for row in reader.image_rows(reader.image_ids())}
    assert {path: failing for path, failing in rows.items() if failing} == {
        "pictures/Bird.jpg": ("solve",),
        "pictures/empty.jpg": ("compose",),
    }


def test_that_failing_items_are_told_with_their_picture(filled: ProjectFile) -> None:
    with filled.read() as reader:
        solve, compose = reader.failing()
        assert (solve.stage, solve.subject, solve.image_path) == ("solve", CHAINS[0].key, "pictures/Bird.jpg")
        assert (compose.stage, compose.image_key, compose.chain_number) == ("compose", IMAGES[4].key, None)
        assert reader.failing("compose") == (compose,)
        assert reader.failing(limit=1, offset=1) == (compose,)
        assert reader.failing_counts() == {"solve": 1, "compose": 1}
        assert reader.chain(str(solve.chain_number)).chain.key == CHAINS[0].key


def test_that_a_failure_is_over_when_its_picture_is_done_under_the_same_settings(filled: ProjectFile) -> None:
    filled.writer.submit(lambda uow: work(uow, "compose", IMAGES[4].key, "f1", item_key="changed")).result()
    with filled.read() as reader:
        assert reader.failing_counts() == {"solve": 1}
        assert names(reader, ImageQuery(or_failing=True)) == ["Bird"]


def test_that_failures_can_be_asked_for_item_by_item(filled: ProjectFile) -> None:
    with filled.read() as reader:
        solve, compose = reader.failing()
        items = [
            (item.stage, reader.current_fingerprint(item.stage) or "", _key(filled, item)) for item in (solve, compose)
        ]
        assert reader.failed_of(items) == (solve, compose)
        assert reader.failed_of(items, limit=1) == (solve,)
        assert reader.failed_of([(solve.stage, "another fingerprint", items[0][2])]) == ()
        assert reader.failed_of([]) == ()


def _key(file: ProjectFile, item: FailingItem) -> str:
    with file.read() as reader:
        (key,) = reader.failed(item.stage, reader.current_fingerprint(item.stage) or "")
    return key


def _left(reader: Reader, query: ImageQuery) -> int:
    return len(reader.image_ids(query))


@pytest.mark.parametrize(
    "query",
    [
        ImageQuery(),
        ImageQuery(text="cup"),
        ImageQuery(category="dog"),
        ImageQuery(chains=ChainFilter(rule="bare")),
        ImageQuery(chains=ChainFilter(composer=Composer.PROGRAM, pass_rate=(0.0, 0.5))),
        ImageQuery(or_failing=True),
    ],
    ids=repr,
)
def test_that_each_count_is_what_the_choice_would_leave(filled: ProjectFile, query: ImageQuery) -> None:
    with filled.read() as reader:
        facets = reader.image_facets(query)
        chains = query.chains
        for status, count in facets.statuses.items():
            chosen = replace(query, or_failing=False, chains=replace(chains, status=status))
            assert (status, count) == (status, _left(reader, chosen))
        for category, count in facets.categories.items():
            assert (category, count) == (category, _left(reader, replace(query, category=category)))
        for rule, count in facets.rules.items():
            assert (rule, count) == (rule, _left(reader, replace(query, chains=replace(chains, rule=rule))))
        for composer, count in facets.composers.items():
            chosen = replace(query, chains=replace(chains, composer=composer))
            assert (composer, count) == (composer, _left(reader, chosen))
        for position, count in enumerate(facets.pass_rates):
            share = position / (len(facets.pass_rates) - 1)
            chosen = replace(query, chains=replace(chains, pass_rate=(share - 0.0625, share + 0.0624)))
            assert (position, count) == (position, _left(reader, chosen))
        assert facets.failing == _left(reader, replace(query, or_failing=True))


def test_that_choices_are_listed_most_first(filled: ProjectFile) -> None:
    with filled.read() as reader:
        facets = reader.image_facets()
    assert list(facets.categories.items()) == [("cup", 3), ("dog", 1)]
    assert list(facets.rules.items()) == [("leak", 2), ("bare", 1)]
    assert facets.without_chains == 1


def test_that_answers_to_chains_seen_are_counted(filled: ProjectFile) -> None:
    with filled.read() as reader:
        assert reader.answer_count() == 1
    filled.writer.submit(lambda uow: work(uow, "compose", IMAGES[0].key, "f2")).result()
    with filled.read() as reader:
        assert reader.answer_count() == 0


def test_that_pictures_and_chains_are_named_as_people_call_them(filled: ProjectFile) -> None:
    with filled.read() as reader:
        number = reader.chain(CHAINS[0].key).number
        names = reader.subject_names([IMAGES[0].key, CHAINS[0].key, "nothing"])
    assert names == {IMAGES[0].key: "Bird.jpg", CHAINS[0].key: f"C-{number}"}
