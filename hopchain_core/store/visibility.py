"""What of the rows is seen, and where a chain stands, as SQL. Everything that reads builds on these pieces.

A row that a stage made is seen when its work is current; a person's row (no work) always is; unless a later version
that is seen or a person's supersedes it. A removed instance is a version that says so and is not seen itself.
"""

from __future__ import annotations

from hopchain_core.domain.status import ChainStatus


def _is_live(alias: str) -> str:
    # `EXISTS` by primary key: one look-up a row, whatever the order of the join.
    return (
        f"({alias}.work_id IS NULL"
        f" OR EXISTS (SELECT 1 FROM work AS lw WHERE lw.id = {alias}.work_id AND lw.is_current = 1))"
    )


def _is_seen(table: str, alias: str) -> str:
    return (
        f"{_is_live(alias)} AND NOT EXISTS (SELECT 1 FROM {table} AS later"
        f" WHERE later.supersedes = {alias}.key AND {_is_live('later')})"
    )


SEEN_CHAIN = _is_seen("chain", "c")
"""Condition on `chain AS c`."""

LIVE_INSTANCE = _is_live("i")
"""Whether `instance AS i` counts, superseded and removed versions too."""

SEEN_INSTANCE = f"i.is_removed = 0 AND {_is_seen('instance', 'i')}"
"""Condition on `instance AS i`."""


FAILING = """SELECT fw.id FROM work AS fw WHERE fw.stage IN (SELECT DISTINCT stage FROM run) AND fw.status = 'failed'
    AND fw.fingerprint = (SELECT r.fingerprint FROM run AS r WHERE r.stage = fw.stage ORDER BY r.id DESC LIMIT 1)
    AND NOT EXISTS (SELECT 1 FROM work AS nw WHERE nw.stage = fw.stage AND nw.subject = fw.subject
                    AND nw.is_current = 1 AND nw.fingerprint = fw.fingerprint)"""
"""Rows of `work` that failed in the way their stage runs now, and whose picture or chain has not been done so since."""


def current(table: str, columns: str, key: str) -> str:
    """A subquery: `columns` (of alias ``o``) of the newest current row of an output table about the chain `key`."""
    return (
        f"(SELECT {columns} FROM {table} AS o JOIN work AS ow ON ow.id = o.work_id"
        f" WHERE o.chain_key = {key} AND ow.is_current = 1 ORDER BY o.id DESC LIMIT 1)"
    )


_LOWER_END = "(SELECT json_extract(pf.value, '$.drop.too_hard_up_to') FROM project AS pf WHERE pf.name = 'policy')"
TOO_HARD = f"(o.is_kept = 0 AND COALESCE(o.n_correct <= {_LOWER_END} * o.n, 0))"
"""Whether `difficulty AS o` was dropped at the lower end of the policy's band: `DropRule.is_beneath` in SQL."""

STATUS = f"""CASE
    WHEN EXISTS (SELECT 1 FROM mark AS m WHERE m.chain_key = c.key AND m.kind = 'reject')
        THEN '{ChainStatus.REJECTED.value}'
    WHEN NOT EXISTS (SELECT 1 FROM work AS aw WHERE aw.stage = 'audit' AND aw.subject = c.key AND aw.is_current = 1)
        THEN '{ChainStatus.UNAUDITED.value}'
    WHEN EXISTS (SELECT 1 FROM finding AS f JOIN work AS fw ON fw.id = f.work_id
                 WHERE f.chain_key = c.key AND f.severity = 'error' AND fw.is_current = 1)
        THEN '{ChainStatus.REFUSED.value}'
    WHEN {current("difficulty", "o.is_kept", "c.key")} = 0
        THEN CASE WHEN {current("difficulty", TOO_HARD, "c.key")}
            THEN '{ChainStatus.TOO_HARD.value}' ELSE '{ChainStatus.TOO_EASY.value}' END
    ELSE CASE {current("verdict", "o.outcome", "c.key")}
        WHEN 'disputed' THEN '{ChainStatus.DISPUTED.value}'
        WHEN 'refused' THEN '{ChainStatus.DISPUTED.value}'
        WHEN 'agreed' THEN '{ChainStatus.VERIFIED.value}'
        WHEN 'adjudicated' THEN '{ChainStatus.ADJUDICATED.value}'
        WHEN 'by_construction' THEN '{ChainStatus.BY_CONSTRUCTION.value}'
        ELSE '{ChainStatus.AWAITING.value}' END
    END"""
"""Where `chain AS c` stands: `domain.status.status_of` in SQL. A test holds the two together."""
