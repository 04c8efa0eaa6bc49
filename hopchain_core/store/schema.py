"""The declared shape of a project file. Migrations make it; a drift test holds the two together.

What a stage made hangs on a `work` row: one item of one run. For each stage and subject (a picture or a chain) exactly
one work row is current, and only what hangs on a current row is seen. So another option or model supersedes what the
old one made without deleting it, and going back brings it to life again at no cost.

What follows a chain (answers, rollouts, findings, verdicts) refers to it by content key, so that it is still there
when the same chain is composed again.

Tables whose row numbers people read (C-12) or an undo step names are AUTOINCREMENT: a number is not handed out twice.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text

from hopchain_core.store.tables import metadata, row_id
from hopchain_core.store.tables_chains import (
    chain,
    chain_image,
    difficulty,
    finding,
    probe_result,
    refusal,
    rollout,
    rollout_error,
    verdict,
)
from hopchain_core.store.tables_people import (
    adjudication,
    annotation,
    annotator,
    assignment,
    comment,
    draft,
    gold,
    mark,
    round_,
    round_gold,
)
from hopchain_core.store.tables_sources import category, image, instance, rating, refused_file, run, source_object, work

project = Table(
    "project",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("value", Text, nullable=False),
)
"""Facts of the project by name: uuid, created_at, seed, policy (JSON)…"""

undo_step = Table(
    "undo_step",
    metadata,
    row_id(),
    Column("text", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    CheckConstraint("state IN ('done', 'undone')", name="ck_undo_step_state"),
)
"""What a person did, in order. `done` steps come first; a new step deletes the `undone` ones after it."""

undo_change = Table(
    "undo_change",
    metadata,
    row_id(),
    Column("step_id", Integer, ForeignKey("undo_step.id", ondelete="CASCADE"), nullable=False),
    Column("table_name", Text, nullable=False),
    Column("row_key", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Index("ix_undo_change_step", "step_id"),
)
"""One row before and after a step, as JSON; null where there was none."""

__all__ = [
    "adjudication",
    "annotation",
    "annotator",
    "assignment",
    "category",
    "chain",
    "chain_image",
    "comment",
    "difficulty",
    "draft",
    "finding",
    "gold",
    "image",
    "instance",
    "mark",
    "metadata",
    "probe_result",
    "project",
    "rating",
    "refusal",
    "refused_file",
    "rollout",
    "rollout_error",
    "round_",
    "round_gold",
    "run",
    "source_object",
    "undo_change",
    "undo_step",
    "verdict",
    "work",
]
