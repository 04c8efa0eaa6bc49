"""Schema steps: what they make, what they leave when they fail, and the backup before them."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from hopchain_core.domain.answers import Answer
from hopchain_core.domain.images import Quality, Rating
from hopchain_core.domain.review import AmbiguityReason
from hopchain_core.domain.rollout_errors import ErrorSubkind
from hopchain_core.domain.status import ChainStatus
from hopchain_core.errors import ProjectDamagedError
from hopchain_core.store import migrate
from hopchain_core.store.migrate import NEWEST, STEPS
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_runs import write_fact
from hopchain_core.store.schema import metadata

PROJECTS = Path(__file__).parents[2] / "data" / "projects"


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def shape(connection: sqlite3.Connection) -> dict[str, Any]:
    """Everything SQLite knows of tables and indexes, apart from how the statements are laid out."""

    def rows(sql: str) -> list[tuple[Any, ...]]:
        return sorted((tuple(row) for row in connection.execute(sql)), key=repr)

    found: dict[str, Any] = {}
    listed = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
    ).fetchall()
    for kind, name, table, sql in listed:
        if kind == "table":
            found[name] = {
                "columns": connection.execute(f"PRAGMA table_xinfo({name})").fetchall(),
                "references": [row[2:] for row in rows(f"PRAGMA foreign_key_list({name})")],
                "unique": sorted(
                    [column[2] for column in connection.execute(f"PRAGMA index_info({index[1]})")]
                    for index in connection.execute(f"PRAGMA index_list({name})").fetchall()
                    if index[2]
                ),
                "checks": re.findall(r"CHECK\s*\((.*)\)", sql),
                "numbers_once": "AUTOINCREMENT" in sql,
            }
        else:
            columns = connection.execute(f"PRAGMA index_xinfo({name})").fetchall()
            partial = sql.partition(" WHERE ")[2]
            found[f"{kind} {name}"] = (table, "UNIQUE" in sql, [c[2:5] for c in columns], partial)
    return found


def test_that_the_declared_tables_are_what_the_migrations_make(tmp_path: Path) -> None:
    from sqlalchemy import create_engine

    ProjectFile.create(tmp_path / "migrated.hopchain").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    metadata.create_all(engine)
    engine.dispose()
    with opened(tmp_path / "migrated.hopchain") as migrated, opened(tmp_path / "declared.db") as declared:
        assert shape(migrated) == shape(declared)
        assert len(shape(migrated)) > len(metadata.tables) > 15


@pytest.mark.parametrize("version", range(1, NEWEST + 1))
def test_that_a_project_of_every_released_schema_opens_with_all_it_holds(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.hopchain"
    shutil.copy(PROJECTS / f"v{version:04d}.hopchain", path)
    with ProjectFile.open(path) as project:
        assert project.problems() == []
        assert project.seed == 11
        with project.read() as reader:
            counts = reader.counts()
            assert (counts.images, counts.instances, counts.chains) == (3, 5, 3)
            assert [i.path for i in reader.images()] == ["pictures/a.jpg", "pictures/b.jpg", "pictures/c.jpg"]
            for image in reader.images():
                for seen in reader.instances(image.key):
                    assert reader.instances_by_key([seen.key]) == {seen.key: seen}
            standing = {status: count for status, count in reader.status_counts().items() if count}
            assert standing == {ChainStatus.VERIFIED: 1, ChainStatus.REFUSED: 1, ChainStatus.REJECTED: 1}
            rejected = next(c.chain for c in reader.chains() if reader.status(c.chain.key) is ChainStatus.REJECTED)
            (verified,) = (c.chain.key for c in reader.chains() if reader.status(c.chain.key) is ChainStatus.VERIFIED)
            assert len(reader.annotations(verified)) == 4
            assert [r.index for r in reader.rollouts(verified)] == [0, 1, 2]
            judged = [r.error.subkind for r in reader.judged_rollouts(reader.chain(verified).number) if r.error]
            assert judged == ([ErrorSubkind.COUNTING] if version >= 4 else [])
            assert (reader.refusals("compose").counts, len(reader.refused_files())) == ({"tie": 1}, 1)
            assert reader.failures()[0].error_kind == "truncated"
            difficulty = reader.difficulty(verified)
            assert difficulty is not None
            assert (difficulty.n, difficulty.n_correct, difficulty.is_until_decided) == (3, 2, False)
            probed = [result.trials[0].expected for result in reader.probe_results(verified)]
            assert probed == (["2.5"] if version >= 5 else [])
            rated = Rating(complexity=6, quality=Quality.HIGH) if version >= 2 else None
            assert [reader.rating(i.key) for i in reader.images()] == [rated, None, None]
            assert [a.name for a in reader.annotators()] == ["ann", "bob", "cem", "dora"]
            asked = rejected.supersedes
            assert asked is not None
            if version >= 3:
                (opened_round,) = reader.open_rounds()
                assert (opened_round.seed, opened_round.gold_share) == (11, 0.5)
                (gold,) = reader.gold()
                assert reader.round_gold(opened_round.id) == {gold.chain}
                assert reader.assignment(opened_round.id, "ann") == (asked, gold.chain)
                (unclear,) = reader.annotations(asked)
                assert (unclear.reason, unclear.round, unclear.source) == (AmbiguityReason.COUNT, 1, "packet-1")
                decided = reader.adjudication(asked)
                assert decided is not None
                assert (decided.label, decided.adjudicator) == (Answer.of(3), "eve")
            else:
                assert (reader.rounds(), reader.gold(), reader.adjudication(asked)) == ((), (), None)
        assert project.undo_texts() == ("Reject", None)
        project.undo()
        with project.read() as reader:
            assert reader.mark(rejected.key) is None
        # Steps made before a schema are still whole in it.
        while project.undo() is not None:
            pass
        with project.read() as reader:
            assert (reader.annotations(verified), reader.rounds(), reader.gold()) == ((), (), ())
            assert reader.counts().instances == 6


def test_that_the_golden_project_is_of_the_schema_its_name_says() -> None:
    for version in range(1, NEWEST + 1):
        path = PROJECTS / f"v{version:04d}.hopchain"
        assert int.from_bytes(path.read_bytes()[60:64], "big") == version


def add_column(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE image ADD COLUMN camera TEXT NOT NULL DEFAULT ''")


def fails_half_way(connection: sqlite3.Connection) -> None:
    add_column(connection)
    connection.execute("CREATE TABLE extra (x)")
    raise sqlite3.OperationalError("no")


def leaves_orphans(connection: sqlite3.Connection) -> None:
    connection.execute("INSERT INTO chain_image VALUES (4711, 0, 4711)")


def made(tmp_path: Path) -> Path:
    path = tmp_path / "p.hopchain"
    with ProjectFile.create(path) as project:
        project.writer.submit(lambda uow: write_fact(uow, "a", "b")).result()
    return path


def test_that_a_step_runs_after_a_backup_of_the_file_as_it_was(tmp_path: Path) -> None:
    path = made(tmp_path)
    assert migrate.migrate(path, (*STEPS, add_column)) == 1
    with opened(path) as now, opened(migrate.backup_path(path, NEWEST)) as then:
        assert now.execute("PRAGMA user_version").fetchone() == (NEWEST + 1,)
        assert then.execute("PRAGMA user_version").fetchone() == (NEWEST,)
        assert then.execute("PRAGMA application_id").fetchone() == now.execute("PRAGMA application_id").fetchone()
        assert then.execute("SELECT value FROM project WHERE name = 'a'").fetchone() == ("b",)
        assert "camera" in {row[1] for row in now.execute("PRAGMA table_info(image)")}
        assert "camera" not in {row[1] for row in then.execute("PRAGMA table_info(image)")}
    assert migrate.backup_path(path, NEWEST).name == f"p.hopchain.v{NEWEST}.bak"


def test_that_a_current_file_is_left_without_a_backup(tmp_path: Path) -> None:
    path = made(tmp_path)
    before = path.read_bytes()
    assert migrate.migrate(path) == 0
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["p.hopchain"]


def test_that_a_failing_step_leaves_the_schema_before_it(tmp_path: Path) -> None:
    path = made(tmp_path)
    with opened(path) as connection:
        before = shape(connection)
    with pytest.raises(sqlite3.OperationalError):
        migrate.migrate(path, (*STEPS, fails_half_way))
    with opened(path) as connection:
        assert shape(connection) == before
        assert connection.execute("PRAGMA user_version").fetchone() == (NEWEST,)
    ProjectFile.open(path).close()


def test_that_a_step_before_a_failing_one_stands(tmp_path: Path) -> None:
    path = made(tmp_path)
    with pytest.raises(sqlite3.OperationalError):
        migrate.migrate(path, (*STEPS, add_column, lambda connection: fails_half_way(connection)))
    with opened(path) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (NEWEST + 1,)


def test_that_rows_without_parents_stop_a_step(tmp_path: Path) -> None:
    path = made(tmp_path)
    with pytest.raises(ProjectDamagedError) as caught:
        migrate.migrate(path, (*STEPS, leaves_orphans))
    assert caught.value.hint
    with opened(path) as connection:
        assert connection.execute("SELECT COUNT(*) FROM chain_image").fetchone() == (0,)
        assert connection.execute("PRAGMA user_version").fetchone() == (NEWEST,)


def test_that_a_table_is_rebuilt_without_losing_what_refers_to_it(tmp_path: Path) -> None:
    path = made(tmp_path)
    with opened(path) as connection:
        connection.execute("INSERT INTO image VALUES (1, 'k', 'p', 1, 1, '', '', '', '', '')")
        connection.execute("INSERT INTO source_object VALUES (1, 1, 'import', '1', 'cup', 0, 0, 1, 1, NULL, 0, '[]')")

    def rebuild(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE image2 AS SELECT * FROM image")
        connection.execute("DROP TABLE image")
        connection.execute("CREATE TABLE image (id INTEGER PRIMARY KEY, key TEXT)")
        connection.execute("INSERT INTO image SELECT id, key FROM image2")
        connection.execute("DROP TABLE image2")

    migrate.migrate(path, (*STEPS, rebuild))
    with opened(path) as connection:
        assert connection.execute("SELECT COUNT(*) FROM source_object").fetchone() == (1,)
