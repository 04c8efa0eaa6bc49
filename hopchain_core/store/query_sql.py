"""What a list asks for, as SQL with its values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from hopchain_core.store.queries import ChainFilter, ChainQuery, ChainSort, ImageQuery, ImageSort
from hopchain_core.store.visibility import FAILING, SEEN_CHAIN, SEEN_INSTANCE, STATUS, current

PASS_RATE = current(
    "difficulty",
    "CASE WHEN o.is_until_decided = 0 THEN COALESCE(o.n_correct * 1.0 / NULLIF(o.n, 0), 0.0) END",
    "c.key",
)
"""Share of correct rollouts of `chain AS c`; NULL where there is no rate."""
_CUT_SHORT = current("difficulty", "o.is_until_decided", "c.key")
_IMAGE_ORDER = {
    ImageSort.PATH: "",
    ImageSort.ADDED: "image.id",
    ImageSort.INSTANCES: f"(SELECT COUNT(*) FROM instance AS i WHERE i.image_id = image.id AND {SEEN_INSTANCE})",
    ImageSort.CHAINS: (
        "(SELECT COUNT(*) FROM chain_image AS ci JOIN chain AS c ON c.id = ci.chain_id"
        f" WHERE ci.image_id = image.id AND {SEEN_CHAIN})"
    ),
}
_CHAIN_ORDER = {
    ChainSort.PATH: "",
    ChainSort.NUMBER: "c.id",
    ChainSort.HOPS: "c.hop_count",
    ChainSort.ANSWER: "CAST(c.answer AS REAL)",
    ChainSort.PASS_RATE: PASS_RATE,
}
_ANYWHERE = (
    "(image.path LIKE :anywhere ESCAPE '\\'"
    f" OR image.id IN (SELECT i.image_id FROM instance AS i WHERE i.category IN (SELECT DISTINCT category FROM instance"
    f" WHERE category LIKE :anywhere ESCAPE '\\') AND {SEEN_INSTANCE})"
    " OR image.id IN (SELECT ci.image_id FROM chain AS c JOIN chain_image AS ci ON ci.chain_id = c.id"
    f" WHERE c.question LIKE :anywhere ESCAPE '\\' AND {SEEN_CHAIN}))"
)
_WITHOUT_CHAINS = (
    "NOT EXISTS (SELECT 1 FROM chain_image AS ci JOIN chain AS c ON c.id = ci.chain_id"
    f" WHERE ci.image_id = image.id AND {SEEN_CHAIN})"
)
_FAILING_IMAGE = (
    f"(image.key IN (SELECT subject FROM work WHERE id IN ({FAILING}))"
    " OR image.id IN (SELECT ci.image_id FROM work AS w CROSS JOIN chain AS c ON c.key = w.subject"
    f" CROSS JOIN chain_image AS ci ON ci.chain_id = c.id WHERE w.id IN ({FAILING}) AND {SEEN_CHAIN}))"
)


def image_ids_sql(query: ImageQuery) -> tuple[str, dict[str, object]]:
    """The statement behind `PageReads.image_ids`, with its values."""
    condition, values = image_condition(query)
    order = _order(_IMAGE_ORDER[query.sort], "image.path", "image.key", query.descending)
    return f"SELECT image.id FROM image WHERE {condition} ORDER BY {order}", values


def image_condition(query: ImageQuery) -> tuple[str, dict[str, object]]:
    """What a row of `image` fulfils that is asked for, as SQL, with its values."""
    conditions, values = [], dict[str, object]()
    if query.text:
        conditions.append("image.path LIKE :text ESCAPE '\\'")
        values["text"] = _contains(query.text)
    if query.anywhere:
        conditions.append(_ANYWHERE)
        values["anywhere"] = _contains(query.anywhere)
    if query.category:
        conditions.append(
            "image.id IN (SELECT i.image_id FROM instance AS i"
            f" WHERE i.category IN (SELECT value FROM json_each(:category)) AND {SEEN_INSTANCE})"
        )
        values["category"] = _several(query.category)
    if query.least_complexity or query.qualities:
        conditions.append(
            "image.id IN (SELECT r.image_id FROM rating AS r JOIN work AS rw ON rw.id = r.work_id"
            " WHERE rw.is_current = 1 AND r.complexity >= :least_complexity"
            " AND (:qualities = '[]' OR r.quality IN (SELECT value FROM json_each(:qualities))))"
        )
        values["least_complexity"] = query.least_complexity
        values["qualities"] = _several([quality.value for quality in query.qualities])
    if query.numbers is not None:
        conditions.append("image.id IN (SELECT value FROM json_each(:image_numbers))")
        values["image_numbers"] = json.dumps(query.numbers)
    conditions += _image_chain_conditions(query, values)
    return " AND ".join(conditions) or "1", values


def _image_chain_conditions(query: ImageQuery, values: dict[str, object]) -> list[str]:
    with_chain = (
        "image.id IN (SELECT ci.image_id FROM chain AS c CROSS JOIN chain_image AS ci ON ci.chain_id = c.id WHERE {})"
    )
    besides_status = replace(query.chains, status=None)
    alternatives = []
    if query.chains.status or not (query.or_without_chains or query.or_failing):
        passing = chain_conditions(query.chains, values)
        alternatives += [with_chain.format(" AND ".join([SEEN_CHAIN, *passing]))] if passing else []
    elif not besides_status.is_empty:
        passing = chain_conditions(besides_status, values)
        alternatives.append(with_chain.format(" AND ".join([SEEN_CHAIN, *passing])))
        return [*alternatives, *([_FAILING_IMAGE] if query.or_failing else ["0"])]
    if query.or_failing:
        alternatives.append(_FAILING_IMAGE)
    if query.or_without_chains and besides_status.is_empty:
        alternatives.append(_WITHOUT_CHAINS)
    return [f"({' OR '.join(alternatives)})"] if alternatives else []


def chain_ids_sql(query: ChainQuery) -> tuple[str, dict[str, object]]:
    """The statement behind `PageReads.chain_ids`, with its values."""
    rows, values = chain_rows_sql(query)
    order = _order(_CHAIN_ORDER[query.sort], "image.path", "c.key", query.descending)
    return f"SELECT c.id {rows} ORDER BY {order}", values


def chain_rows_sql(query: ChainQuery) -> tuple[str, dict[str, object]]:
    """Rows of `chain AS c` that are asked for, from FROM on, with their values."""
    values: dict[str, object] = {}
    conditions = [SEEN_CHAIN, *chain_conditions(query.chains, values)]
    if query.numbers is not None:
        conditions.append("c.id IN (SELECT value FROM json_each(:chain_numbers))")
        values["chain_numbers"] = json.dumps(query.numbers)
    if query.image is not None:
        conditions.append("image.key = :image")
        values["image"] = query.image
    if query.text:
        conditions.append("(c.question LIKE :text ESCAPE '\\' OR image.path LIKE :text ESCAPE '\\')")
        values["text"] = _contains(query.text)
    if query.category:
        # The index on the category narrows it to few pictures before any body is read.
        conditions.append("ci.image_id IN (SELECT image_id FROM instance WHERE category = :category)")
        conditions.append(
            "EXISTS (SELECT 1 FROM json_each(c.body, '$.instances') AS k CROSS JOIN instance AS x ON x.key = k.value"
            " WHERE +x.category = :category)"
        )
        values["category"] = query.category
    # A picture is named: from it to its few chains, and not through all chains.
    tables = (
        "image CROSS JOIN chain_image AS ci ON ci.image_id = image.id AND ci.position = 0"
        " CROSS JOIN chain AS c ON c.id = ci.chain_id"
        if query.image is not None
        else "chain AS c CROSS JOIN chain_image AS ci ON ci.chain_id = c.id AND ci.position = 0"
        " CROSS JOIN image ON image.id = ci.image_id"
    )
    return f"FROM {tables} WHERE {' AND '.join(conditions)}", values


def chain_conditions(asked: ChainFilter, values: dict[str, object]) -> list[str]:
    """What `chain AS c` fulfils that passes, as SQL; the values it needs are added."""
    conditions = []
    if asked.composer:
        conditions.append("c.composer IN (SELECT value FROM json_each(:composer))")
        values["composer"] = _several(asked.composer)
    if asked.rule:
        conditions.append(
            "EXISTS (SELECT 1 FROM finding AS r JOIN work AS rw ON rw.id = r.work_id"
            " WHERE r.chain_key = c.key AND r.rule IN (SELECT value FROM json_each(:rule)) AND rw.is_current = 1)"
        )
        values["rule"] = _several(asked.rule)
    if asked.pass_rate is not None:
        conditions.append(f"{PASS_RATE} BETWEEN :lowest AND :highest")
        values["lowest"], values["highest"] = asked.pass_rate
    if asked.marks:
        decided = "EXISTS (SELECT 1 FROM mark AS dm WHERE dm.chain_key = c.key{})"
        kinds = [kind.value for kind in asked.marks if kind is not None]
        conditions.append(
            "("
            + " OR ".join(
                ([decided.format(" AND dm.kind IN (SELECT value FROM json_each(:marks))")] if kinds else [])
                + ([f"NOT {decided.format('')}"] if None in asked.marks else [])
            )
            + ")"
        )
        values["marks"] = _several(kinds)
    if asked.has_findings:
        conditions.append(
            "EXISTS (SELECT 1 FROM finding AS hf JOIN work AS hw ON hw.id = hf.work_id"
            " WHERE hf.chain_key = c.key AND hw.is_current = 1)"
        )
    if asked.is_cut_short:
        conditions.append(f"{_CUT_SHORT} = 1")
    if asked.status:
        conditions.append(f"{STATUS} IN (SELECT value FROM json_each(:status))")
        values["status"] = _several(asked.status)
    return conditions


def _order(by: str, path: str, key: str, descending: bool) -> str:
    way = " DESC" if descending else ""
    terms = [f"{path}{way}", f"{key}{way}"]
    if by:
        # What was not tried yet has no pass rate: last in either direction.
        terms = [f"{by} IS NULL", f"{by}{way}", *terms] if by is PASS_RATE else [f"{by}{way}", *terms]
    return ", ".join(terms)


def _several(asked: str | Iterable[str]) -> str:
    return json.dumps([asked] if isinstance(asked, str) else list(asked))


def _contains(part: str) -> str:
    escaped = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
