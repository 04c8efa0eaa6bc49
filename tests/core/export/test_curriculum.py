"""Orders and buckets of an export: the same records, each once, in the order asked for."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.cli.main import run
from hopchain_core.errors import InputError
from hopchain_core.export.admission import Terms, Variant
from hopchain_core.export.curriculum import BucketsBy, Order, Standing, bucketed, check_curriculum, ordered
from hopchain_core.export.formats.names import Format
from hopchain_core.project import Project

RATES = st.none() | st.integers(0, 8).map(lambda right: right / 8)
STANDINGS = st.lists(st.tuples(RATES, st.integers(3, 6)), max_size=40).map(
    lambda found: [Standing(f"r{n}", hops, rate) for n, (rate, hops) in enumerate(found)]
)


@given(records=STANDINGS, order=st.sampled_from(Order), seed=st.integers(0, 3))
def test_that_an_order_loses_no_record_and_says_none_twice(records: list[Standing], order: Order, seed: int) -> None:
    found = ordered(records, order, seed)
    assert sorted(found) == list(range(len(records)))
    assert ordered(records, order, seed) == found


@given(records=STANDINGS, seed=st.integers(0, 3))
def test_that_rates_fall_or_rise_and_the_unknown_come_last(records: list[Standing], seed: int) -> None:
    for order, sign in ((Order.EASY_TO_HARD, -1), (Order.HARD_TO_EASY, 1)):
        found = [records[n] for n in ordered(records, order, seed)]
        rates = [r.pass_rate for r in found if r.pass_rate is not None]
        assert rates == sorted(rates, key=lambda rate: sign * rate)
        assert all(r.pass_rate is None for r in found[len(rates) :])


def test_that_of_one_rate_fewer_steps_count_as_easier() -> None:
    records = [Standing("a", 6, 0.5), Standing("b", 3, 0.5), Standing("c", 4, 0.5)]
    assert ordered(records, Order.EASY_TO_HARD) == [1, 2, 0]
    assert ordered(records, Order.HARD_TO_EASY) == [0, 2, 1]


def test_that_a_shuffle_keeps_the_order_of_those_that_stay() -> None:
    records = [Standing(f"r{n}", 4, None) for n in range(30)]
    whole = [records[n].id for n in ordered(records, Order.SHUFFLED, 7)]
    fewer = [r for n, r in enumerate(records) if n % 3]
    assert [fewer[n].id for n in ordered(fewer, Order.SHUFFLED, 7)] == [i for i in whole if int(i[1:]) % 3]
    assert whole != [records[n].id for n in ordered(records, Order.SHUFFLED, 8)]


@pytest.mark.parametrize(
    ("by", "buckets", "found"),
    [
        (BucketsBy.WIDTH, 4, [1, 1, 2, 2, 3, 3, 4, 4, 4, None]),
        (BucketsBy.WIDTH, 8, [1, 2, 3, 4, 5, 6, 7, 8, 8, None]),
        (BucketsBy.QUANTILES, 3, [1, 1, 1, 2, 2, 2, 3, 3, 3, None]),
    ],
)
def test_that_each_rate_goes_into_its_bucket(by: BucketsBy, buckets: int, found: list[int | None]) -> None:
    rates = [*(right / 8 for right in range(8, -1, -1)), None]
    assert bucketed(rates, buckets, by) == found


@given(rates=st.lists(RATES, max_size=60), buckets=st.integers(2, 9), by=st.sampled_from(BucketsBy))
def test_that_harder_is_never_in_an_easier_bucket_and_equal_in_the_same(
    rates: list[float | None], buckets: int, by: BucketsBy
) -> None:
    found = bucketed(rates, buckets, by)
    known = sorted((-r, b) for r, b in zip(rates, found, strict=True) if r is not None and b is not None)
    assert [b for _, b in known] == sorted(b for _, b in known)
    assert len({rate for rate, _ in known}) == len(set(known))
    assert all(1 <= b <= buckets for _, b in known)
    assert [b is None for b in found] == [r is None for r in rates]


@given(n=st.integers(1, 200), buckets=st.integers(2, 9))
def test_that_quantiles_of_different_rates_are_equally_full(n: int, buckets: int) -> None:
    sizes = Counter(bucketed([k / n for k in range(n)], buckets, BucketsBy.QUANTILES))
    assert all(abs(sizes[b] - n / buckets) < 1 for b in range(1, buckets + 1))


@pytest.mark.parametrize("order", [Order.EASY_TO_HARD, Order.HARD_TO_EASY])
def test_that_shortened_questions_are_not_ordered_by_the_rate_of_whole_ones(order: Order) -> None:
    with pytest.raises(InputError, match="no pass rate"):
        check_curriculum(order, 0, is_whole=False)
    with pytest.raises(InputError, match="no pass rate"):
        check_curriculum(Order.PICTURES, 4, is_whole=False)
    check_curriculum(Order.SHUFFLED, 0, is_whole=False)


@pytest.mark.parametrize("buckets", [-1, 1])
def test_that_a_number_of_buckets_that_divides_nothing_is_refused(buckets: int) -> None:
    with pytest.raises(InputError, match="divide nothing"):
        check_curriculum(Order.PICTURES, buckets, is_whole=True)


# whole exports

TERMS = Terms(accept_by_construction=True, allow_simulated=True, keep_too_easy=True)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rendered scenes whose chains the simulated solver has tried."""
    folder = tmp_path_factory.mktemp("demo") / "d"
    assert run(["demo", str(folder), "--scenes", "6", "--seed", "0"]) == 0
    return next(folder.rglob("*.hopchain"))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def exported(project: Path, out: Path, **terms: object) -> list[dict[str, Any]]:
    with Project.open(project, read_only=True) as opened:
        opened.export(out, Terms(**{**vars_of(TERMS), **terms}))  # type: ignore[arg-type]  # a dict of named fields
    return lines(out / "records.jsonl")


def vars_of(terms: Terms) -> dict[str, object]:
    return {name: getattr(terms, name) for name in terms.__slots__}


def test_that_an_ordered_export_holds_the_same_records_with_their_buckets(demo: Path, tmp_path: Path) -> None:
    plain = exported(demo, tmp_path / "plain")
    hard = exported(demo, tmp_path / "hard", order=Order.HARD_TO_EASY, buckets=4, format=Format.VERL)
    assert plain != hard
    assert all(record["curriculum"] is None for record in plain)
    known = {record["id"]: record for record in plain}
    for record in hard:
        bucket = record["curriculum"]["bucket"]
        assert record["curriculum"] == {"bucket": bucket, "buckets": 4, "by": "width"}
        assert {**record, "curriculum": None} == known.pop(record["id"])
        wrong = record["difficulty"]["n"] - record["difficulty"]["correct"]
        assert bucket == min(4, 1 + 4 * wrong // record["difficulty"]["n"])
    assert not known
    rates = [r["difficulty"]["correct"] for r in hard]
    assert rates == sorted(rates)
    rows = [row["extra_info"] for split in ("train", "validation") for row in split_rows(tmp_path / "hard", split)]
    assert {row["id"]: (row["bucket"], row["variant"]) for row in rows} == {
        record["id"]: (record["curriculum"]["bucket"], "full") for record in hard
    }
    manifest = json.loads((tmp_path / "hard" / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["terms"]["order"], manifest["terms"]["buckets"]) == ("hard-to-easy", 4)


def split_rows(out: Path, split: str) -> list[dict[str, Any]]:
    path = out / f"{split}.jsonl"
    return lines(path) if path.exists() else []


def test_that_the_same_seed_gives_the_same_bytes(demo: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        exported(demo, tmp_path / name, order=Order.SHUFFLED, seed=5)
    exported(demo, tmp_path / "c", order=Order.SHUFFLED, seed=6)
    texts = [(tmp_path / name / "records.jsonl").read_bytes() for name in "abc"]
    assert texts[0] == texts[1] != texts[2]
    assert sorted(texts[0].splitlines()) == sorted(texts[2].splitlines())


def test_that_a_record_names_the_model_its_settings_and_the_interval(demo: Path, tmp_path: Path) -> None:
    project = Path(shutil.copy(demo, demo.with_name("other.hopchain")))
    assert run(["policy", str(project), "--interval", "jeffreys"]) == 0
    record = exported(project, tmp_path / "out")[0]
    assert record["difficulty"]["interval_by"] == "jeffreys"
    solver = record["provenance"]["solver"]
    assert solver["backend"]["role"] == "solver"
    assert solver["options"].keys() >= {"seed"}
    assert len(solver["fingerprint"]) > 10


def test_that_rows_of_a_shortened_set_say_so(demo: Path, tmp_path: Path) -> None:
    records = exported(demo, tmp_path / "half", variant=Variant.HALF, format=Format.TRL)
    assert {r["provenance"]["variant"] for r in records} == {"half"}
    assert {r["provenance"]["solver"] for r in records} == {None}
    rows = [row for split in ("train", "validation") for row in split_rows(tmp_path / "half", split)]
    assert len(rows) == len(records)
    assert {(row["variant"], row["bucket"]) for row in rows} == {("half", 0)}
