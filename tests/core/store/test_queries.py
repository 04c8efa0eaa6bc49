"""Lists for windows: which rows, in which order, and at what cost."""

from __future__ import annotations

from itertools import product

import pytest

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain, Composer
from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.images import Quality, Rating
from hopchain_core.domain.instances import Origin
from hopchain_core.domain.review import Annotation, Mark, MarkKind, Outcome
from hopchain_core.domain.rollouts import Difficulty
from hopchain_core.domain.status import ChainStatus
from hopchain_core.store import reads_chains, reads_runs, reads_sources, rows_chains, rows_sources
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.queries import ChainFilter, ChainQuery, ChainSort, ImageQuery, ImageSort
from hopchain_core.store.query_sql import chain_ids_sql, image_ids_sql
from hopchain_core.store.reader import Reader
from hopchain_core.store.reads_pages import _CHAIN_ROWS, _IMAGE_ROWS, _IMAGE_STATUSES
from hopchain_core.store.unit_of_work import UnitOfWork
from tests.core.store.samples import chain, image, instance, work

IMAGES = tuple(image(name) for name in ("Bird", "cup_1", "cup%2", "dog", "empty"))
CUPS = [instance(i, 0, "cup") for i in IMAGES[:3]]
DOGS = [instance(i, 2, "dog") for i in IMAGES[2:4]]


def _chain(of: int, question: str, answer: str, composer: Composer = Composer.PROGRAM) -> Chain:
    made = [i.key for i in (*CUPS, *DOGS) if i.image == IMAGES[of].key]
    return chain(IMAGES[of], question, tuple(made), answer=Answer.of(answer), composer=composer)


CHAINS = (
    _chain(0, "How many Cups?", "10"),
    _chain(1, "What is 50% of it?", "9"),
    _chain(2, "Which dog?", "-2", Composer.VLM),
    _chain(2, "Which cup_?", "2.5", Composer.VLM),
    _chain(3, "Where?", "0"),
)
OLD = _chain(3, "Before?", "1")


def fill(uow: UnitOfWork) -> None:
    for made in reversed(IMAGES):
        rows_sources.write_image(uow, made)
    for made in IMAGES:
        found = [i for i in (*CUPS, *DOGS) if i.image == made.key]
        rows_sources.write_instances(uow, work(uow, "segment", made.key), found)
        rows_chains.write_chains(uow, work(uow, "compose", made.key, "f0"), [OLD] if made == IMAGES[3] else [])
        kept = [c for c in CHAINS if c.image == made.key]
        rows_chains.write_chains(uow, work(uow, "compose", made.key, "f1"), kept)
    removed = instance(IMAGES[3], 2, "dog", origin=Origin.PERSON, supersedes=DOGS[1].key, is_removed=True)
    rows_sources.write_instances(uow, None, [removed])
    for position, one in enumerate(CHAINS[:4]):
        severity = Severity.ERROR if position == 1 else Severity.WARNING
        finding = Finding(rule="leak" if position < 2 else "bare", severity=severity, hop=None, message="")
        rows_chains.write_findings(uow, work(uow, "audit", one.key), one.key, [finding] * (position + 1))
        if position != 2:
            rows_chains.write_difficulty(
                uow,
                work(uow, "decide", one.key),
                Difficulty(
                    chain=one.key,
                    n=0 if position == 3 else 4,
                    n_correct=0 if position == 3 else position + 1,
                    interval=(0, 1),
                    model="m",
                    is_simulated=False,
                    is_kept=True,
                ),
            )
    for made, complexity, quality in ((IMAGES[0], 4, Quality.HIGH), (IMAGES[1], 8, Quality.LOW)):
        rating = Rating(complexity=complexity, quality=quality)
        rows_sources.write_rating(uow, work(uow, "categorize", made.key), made.key, rating)
    rows_chains.write_mark(uow, Mark(chain=CHAINS[2].key, kind=MarkKind.REJECT))
    answer = Annotation(chain=CHAINS[0].key, annotator="ann", outcome=Outcome.BAD, answer=None)
    rows_chains.write_annotation(uow, answer)


@pytest.fixture
def filled(project: ProjectFile) -> ProjectFile:
    project.writer.submit(fill).result()
    return project


def names(reader: Reader, query: ImageQuery) -> list[str]:
    rows = reader.image_rows(reader.image_ids(query))
    return [row.path.removeprefix("pictures/").removesuffix(".jpg") for row in rows]


def questions(reader: Reader, query: ChainQuery) -> list[str]:
    return [row.question for row in reader.chain_rows(reader.chain_ids(query))]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (ImageQuery(), ["Bird", "cup%2", "cup_1", "dog", "empty"]),
        (ImageQuery(descending=True), ["empty", "dog", "cup_1", "cup%2", "Bird"]),
        (ImageQuery(sort=ImageSort.ADDED), ["empty", "dog", "cup%2", "cup_1", "Bird"]),
        (ImageQuery(sort=ImageSort.INSTANCES, descending=True), ["cup%2", "cup_1", "Bird", "empty", "dog"]),
        (ImageQuery(sort=ImageSort.CHAINS, descending=True), ["cup%2", "dog", "cup_1", "Bird", "empty"]),
        (ImageQuery(text="CUP"), ["cup%2", "cup_1"]),
        (ImageQuery(text="p_"), ["cup_1"]),
        (ImageQuery(text="%"), ["cup%2"]),
        (ImageQuery(text="\\"), []),
        (ImageQuery(category="cup"), ["Bird", "cup%2", "cup_1"]),
        (ImageQuery(category="dog"), ["cup%2"]),
        (ImageQuery(category="dog", text="bird"), []),
        (ImageQuery(chains=ChainFilter(composer=Composer.VLM)), ["cup%2"]),
        (ImageQuery(chains=ChainFilter(status=ChainStatus.UNAUDITED)), ["dog"]),
        (ImageQuery(chains=ChainFilter(rule="leak")), ["Bird", "cup_1"]),
        (ImageQuery(chains=ChainFilter(pass_rate=(0.5, 1))), ["cup_1"]),
        (ImageQuery(least_complexity=4), ["Bird", "cup_1"]),
        (ImageQuery(least_complexity=5), ["cup_1"]),
        (ImageQuery(qualities=(Quality.HIGH, Quality.MEDIUM)), ["Bird"]),
        (ImageQuery(least_complexity=5, qualities=(Quality.HIGH,)), []),
    ],
    ids=repr,
)
def test_that_a_list_of_pictures_holds_what_was_asked_for(
    filled: ProjectFile, query: ImageQuery, wanted: list[str]
) -> None:
    with filled.read() as reader:
        assert names(reader, query) == wanted


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        (ChainQuery(sort=ChainSort.NUMBER), [0, 1, 2, 3, 4]),
        (ChainQuery(sort=ChainSort.NUMBER, descending=True), [4, 3, 2, 1, 0]),
        (ChainQuery(sort=ChainSort.ANSWER), [2, 4, 3, 1, 0]),
        (ChainQuery(sort=ChainSort.PASS_RATE, text="?", category="cup"), [3, 0, 1, 2]),
        (ChainQuery(sort=ChainSort.PASS_RATE, descending=True, category="cup"), [1, 0, 3, 2]),
        (ChainQuery(text="CUP", sort=ChainSort.NUMBER), [0, 1, 2, 3]),
        (ChainQuery(text="50%"), [1]),
        (ChainQuery(text="_?"), [3]),
        (ChainQuery(category="dog", sort=ChainSort.NUMBER), [2, 3, 4]),
        (ChainQuery(category="cat"), []),
        (ChainQuery(chains=ChainFilter(rule="bare"), sort=ChainSort.NUMBER), [2, 3]),
        (ChainQuery(chains=ChainFilter(rule="bare", status=ChainStatus.REJECTED)), [2]),
        (ChainQuery(chains=ChainFilter(status=ChainStatus.REFUSED)), [1]),
        (ChainQuery(chains=ChainFilter(composer=Composer.PERSON)), []),
        (ChainQuery(chains=ChainFilter(pass_rate=(0, 0.25)), sort=ChainSort.NUMBER), [0, 3]),
    ],
    ids=repr,
)
def test_that_a_list_of_chains_holds_what_was_asked_for(
    filled: ProjectFile, query: ChainQuery, wanted: list[int]
) -> None:
    with filled.read() as reader:
        assert questions(reader, query) == [CHAINS[position].question for position in wanted]


def test_that_chains_are_listed_by_the_path_of_their_picture(filled: ProjectFile) -> None:
    with filled.read() as reader:
        assert questions(reader, ChainQuery()) == [stored.chain.question for stored in reader.chains()]
        assert questions(reader, ChainQuery(descending=True)) == questions(reader, ChainQuery())[::-1]


def test_that_a_row_of_a_picture_counts_what_is_seen(filled: ProjectFile) -> None:
    with filled.read() as reader:
        rows = {row.path: row for row in reader.image_rows(reader.image_ids())}
    cups = rows["pictures/cup%2.jpg"]
    assert (cups.key, cups.instance_count) == (IMAGES[2].key, 2)
    assert cups.chain_counts == {ChainStatus.REJECTED: 1, ChainStatus.AWAITING: 1}
    assert rows["pictures/dog.jpg"].instance_count == 0
    assert rows["pictures/empty.jpg"].chain_counts == {}
    assert cups.thumb_path == f"{cups.key[:2]}/{cups.key}.webp"


def test_that_a_row_of_a_picture_says_how_it_was_rated(filled: ProjectFile) -> None:
    with filled.read() as reader:
        rows = reader.image_rows(reader.image_ids(ImageQuery(sort=ImageSort.PATH)))
    rated = Rating(complexity=4, quality=Quality.HIGH), Rating(complexity=8, quality=Quality.LOW)
    assert [row.rating for row in rows] == [rated[0], None, rated[1], None, None]


def test_that_a_row_of_a_chain_says_how_it_fares(filled: ProjectFile) -> None:
    with filled.read() as reader:
        rows = {row.question: row for row in reader.chain_rows(reader.chain_ids())}
    first, _, third, fourth, last = (rows[c.question] for c in CHAINS)
    assert (first.key, first.image_key, first.image_path) == (CHAINS[0].key, IMAGES[0].key, IMAGES[0].path)
    assert (first.answer, first.hop_count, first.version, first.composer) == ("10", 1, 1, Composer.PROGRAM)
    assert (first.finding_count, first.annotation_count, first.pass_rate, first.mark) == (1, 1, 0.25, None)
    assert (third.finding_count, third.annotation_count, third.pass_rate, third.mark) == (3, 0, None, MarkKind.REJECT)
    assert (fourth.pass_rate, last.pass_rate, last.status) == (0.0, None, ChainStatus.UNAUDITED)


def test_that_rows_come_in_the_order_of_their_ids_without_those_gone(filled: ProjectFile) -> None:
    with filled.read() as reader:
        ids = reader.image_ids()
        asked = [ids[3], 4711, ids[0], ids[2]]
        assert [row.number for row in reader.image_rows(asked)] == [ids[3], ids[0], ids[2]]
        numbers = reader.chain_ids()
        assert [row.number for row in reader.chain_rows(numbers[::-1])] == list(numbers[::-1])
        assert reader.image_rows([]) == [] == reader.chain_rows([])


def _statements() -> dict[str, str]:
    found = {
        f"{module.__name__.rpartition('.')[2]}.{name}": value.text
        for module in (reads_chains, reads_runs, reads_sources)
        for name, value in vars(module).items()
        if hasattr(value, "bindparams") and hasattr(value, "text")
    }
    found |= {"page of pictures": _IMAGE_ROWS.text, "statuses of a page": _IMAGE_STATUSES.text}
    found["page of chains"] = _CHAIN_ROWS.text
    filters = {
        "all": ChainFilter(),
        "some": ChainFilter(status=ChainStatus.AWAITING, rule="r", composer=Composer.VLM, pass_rate=(0, 1)),
    }
    for name, chosen in filters.items():
        for text, category in product(("", "t"), ("", "c")):
            for image_sort in ImageSort:
                asked = ImageQuery(text=text, category=category, chains=chosen, sort=image_sort)
                found[f"pictures {name} {text}{category} by {image_sort}"] = image_ids_sql(asked)[0]
            for chain_sort in ChainSort:
                asked_chains = ChainQuery(text=text, category=category, chains=chosen, sort=chain_sort)
                found[f"chains {name} {text}{category} by {chain_sort}"] = chain_ids_sql(asked_chains)[0]
    return found


WHOLE_TABLE = {
    # Each of these wants every row of the table it walks, once.
    "reads_chains._ALL_CHAINS": {"image"},
    "reads_chains._STATUS_COUNTS": {"c"},
    "reads_chains._STATUS": {"c"},  # a row made of the key alone
    "reads_runs._RUNS": {"run"},
    "reads_runs._WORK_COUNTS": {"work"},
    "reads_runs._FAILURES": {"work"},
    "reads_sources._COUNTS": {"image", "i", "c"},
    "reads_sources._IMAGES": {"image"},
    "reads_sources._IMAGES_AS_THEY_CAME": {"image"},
    "reads_sources._REFUSED_FILES": {"refused_file"},
    "reads_sources._IMAGE_COUNT": {"image"},
    # What people did, and only for the versions of one chain that somebody looks at.
    "reads_chains._EDITED_AT": {"u"},
}


@pytest.mark.parametrize("name", sorted(_statements()))
def test_that_no_statement_walks_a_table_for_a_few_rows(project: ProjectFile, name: str) -> None:
    statement = _statements()[name]
    allowed = WHOLE_TABLE.get(name, set())
    if name.startswith("pictures"):
        allowed = {"image"} if "some" not in name else {"image", "c"}
    elif name.startswith("chains"):
        allowed = {"c"}
    with project.read() as reader:
        values = dict.fromkeys(
            ("key", "keys", "ids", "name", "number", "low", "high", "stage", "fingerprint", "id", "limit", "offset",
             "text", "category", "composer", "rule", "status", "lowest", "highest")
        )  # fmt: skip
        plan = [
            row[3]
            for row in reader._conn.connection.driver_connection.execute(f"EXPLAIN QUERY PLAN {statement}", values)  # type: ignore[union-attr]
        ]
    walked = {line.split()[1] for line in plan if line.startswith("SCAN") and "VIRTUAL TABLE" not in line}
    assert walked - {"CONSTANT"} <= allowed, plan
    assert not [line for line in plan if "AUTOMATIC" in line], plan
