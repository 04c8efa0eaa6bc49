"""The declared shape of a project file. Migrations make it; a drift test holds the two together.

What a stage made hangs on a `work` row: one item of one run. For each stage and subject (a picture or a chain) exactly
one work row is current, and only what hangs on a current row is seen. So another option or model supersedes what the
old one made without deleting it, and going back brings it to life again at no cost.

What follows a chain (answers, rollouts, findings, verdicts) refers to it by content key, so that it is still there
when the same chain is composed again.

Tables whose row numbers people read (C-12) or an undo step names are AUTOINCREMENT: a number is not handed out twice.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, nullable=False)


project = Table(
    "project",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("value", Text, nullable=False),
)
"""Facts of the project by name: uuid, created_at, seed, policy (JSON)…"""

image = Table(
    "image",
    metadata,
    _id(),
    Column("key", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("width_px", Integer, nullable=False),
    Column("height_px", Integer, nullable=False),
    Column("licence", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("split_group", Text, nullable=False),
    Column("file_format", Text, nullable=False),
    Column("perceptual_hash", Text, nullable=False),
    UniqueConstraint("key", name="uq_image_key"),
    Index("ix_image_path", "path", "key"),
    Index("ix_image_split_group", "split_group"),
    sqlite_autoincrement=True,
)

refused_file = Table(
    "refused_file",
    metadata,
    Column("path", Text, primary_key=True, nullable=False),
    Column("reason", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("refused_at", Text, nullable=False),
)
"""Files that ingest did not take, each with its reason; a file that is taken later loses its row."""

source_object = Table(
    "source_object",
    metadata,
    _id(),
    Column("image_id", Integer, ForeignKey("image.id", ondelete="CASCADE"), nullable=False),
    Column("origin", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("x0", Float, nullable=False),
    Column("y0", Float, nullable=False),
    Column("x1", Float, nullable=False),
    Column("y1", Float, nullable=False),
    Column("mask", Text),
    Column("is_crowd", Integer, nullable=False),
    Column("attributes", Text, nullable=False),
    UniqueConstraint("image_id", "origin", "source_id", name="uq_source_object"),
)

run = Table(
    "run",
    metadata,
    _id(),
    Column("stage", Text, nullable=False),
    Column("stage_version", Integer, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("backend", Text),
    Column("prompt_hash", Text, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("ended_at", Text, nullable=False),
    Index("ix_run_stage", "stage"),
)

work = Table(
    "work",
    metadata,
    _id(),
    Column("stage", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("item_key", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("is_current", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("error_kind", Text),
    Column("error_text", Text),
    UniqueConstraint("stage", "fingerprint", "item_key", name="uq_work_item"),
    Index("uq_work_current", "stage", "subject", unique=True, sqlite_where=text("is_current = 1")),
    Index("ix_work_status", "stage", "status"),
    Index("ix_work_run", "run_id"),
)
"""`subject` is the image key or chain key the item is about. A failed row is never current."""

category = Table(
    "category",
    metadata,
    _id(),
    Column("image_id", Integer, ForeignKey("image.id", ondelete="CASCADE"), nullable=False),
    Column("work_id", Integer, ForeignKey("work.id", ondelete="CASCADE"), nullable=False),
    Column("name", Text, nullable=False),
    Column("estimated_count", Integer),
    Column("is_countable", Integer, nullable=False),
    Index("ix_category_image", "image_id"),
    Index("ix_category_work", "work_id"),
    Index("ix_category_name", "name"),
)

rating = Table(
    "rating",
    metadata,
    _id(),
    Column("image_id", Integer, ForeignKey("image.id", ondelete="CASCADE"), nullable=False),
    Column("work_id", Integer, ForeignKey("work.id", ondelete="CASCADE"), nullable=False),
    Column("complexity", Integer, nullable=False),
    Column("quality", Text, nullable=False),
    Index("ix_rating_image", "image_id"),
    Index("ix_rating_work", "work_id"),
)
"""What the model that names categories thought of a picture; none where nobody was asked."""

instance = Table(
    "instance",
    metadata,
    _id(),
    Column("key", Text, nullable=False),
    Column("image_id", Integer, ForeignKey("image.id", ondelete="CASCADE"), nullable=False),
    Column("work_id", Integer, ForeignKey("work.id", ondelete="CASCADE")),
    Column("category", Text, nullable=False),
    Column("x0", Float, nullable=False),
    Column("y0", Float, nullable=False),
    Column("x1", Float, nullable=False),
    Column("y1", Float, nullable=False),
    Column("mask", Text),
    Column("area_px", Float, nullable=False),
    Column("score", Float),
    Column("origin", Text, nullable=False),
    Column("attributes", Text, nullable=False),
    Column("is_crowd", Integer, nullable=False),
    Column("supersedes", Text),
    Column("is_removed", Integer, nullable=False),
    Column("is_hidden", Integer, nullable=False),
    Index("ix_instance_image", "image_id"),
    Index("ix_instance_work", "work_id"),
    Index("ix_instance_key", "key"),
    Index("ix_instance_supersedes", "supersedes"),
    Index("ix_instance_category", "category"),
    sqlite_autoincrement=True,
)
"""Without `work_id`: a person's. `is_hidden` is a matter of looks only."""

chain = Table(
    "chain",
    metadata,
    _id(),
    Column("key", Text, nullable=False),
    Column("work_id", Integer, ForeignKey("work.id", ondelete="CASCADE")),
    Column("question", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("composer", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("supersedes", Text),
    Column("is_executable", Integer, nullable=False),
    Column("hop_count", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_chain_key", "key"),
    Index("ix_chain_work", "work_id"),
    Index("ix_chain_supersedes", "supersedes"),
    sqlite_autoincrement=True,
)
"""`body` is `chain_to_json`; the other columns repeat of it what lists filter and sort by. Without `work_id`: a person's."""

chain_image = Table(
    "chain_image",
    metadata,
    Column("chain_id", Integer, ForeignKey("chain.id", ondelete="CASCADE"), primary_key=True, nullable=False),
    Column("position", Integer, primary_key=True, nullable=False),
    Column("image_id", Integer, ForeignKey("image.id", ondelete="CASCADE"), nullable=False),
    Index("ix_chain_image_image", "image_id"),
)

refusal = Table(
    "refusal",
    metadata,
    _id(),
    Column("work_id", Integer, ForeignKey("work.id", ondelete="CASCADE"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("ix_refusal_work", "work_id"),
)
"""What a stage looked at and did not keep, with its reason: a draft chain, a mask, a category."""

finding = Table(
    "finding",
    metadata,
    _id(),
    Column("chain_key", Text, nullable=False),
    Column("work_id", Integer, ForeignKey("work.id", ondelete="CASCADE"), nullable=False),
    Column("rule", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("hop", Integer),
    Column("message", Text, nullable=False),
    Column("evidence", Text, nullable=False),
    Index("ix_finding_chain", "chain_key"),
    Index("ix_finding_work", "work_id"),
    Index("ix_finding_rule", "rule"),
)

probe_result = Table(
    "probe_result",
    metadata,
    _id(),
    Column("chain_key", Text, nullable=False),
    Column("work_id", Integer, ForeignKey("work.id", ondelete="CASCADE"), nullable=False),
    Column("probe", Text, nullable=False),
    Column("trials", Text, nullable=False),
    Index("ix_probe_result_chain", "chain_key"),
    Index("ix_probe_result_work", "work_id"),
)
"""What a model said when a chain was probed, asked and answered; what follows from it are rows of `finding`."""

annotation = Table(
    "annotation",
    metadata,
    _id(),
    Column("chain_key", Text, nullable=False),
    Column("annotator", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("answer", Text),
    Column("active_seconds", Float, nullable=False),
    Column("note", Text, nullable=False),
    Column("answered_at", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=text("''")),
    Column("round_id", Integer, ForeignKey("round.id")),
    Column("source", Text, nullable=False, server_default=text("''")),
    UniqueConstraint("chain_key", "annotator", name="uq_annotation"),
    Index("ix_annotation_annotator", "annotator", "answered_at"),
    sqlite_autoincrement=True,
)

annotator = Table(
    "annotator",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("is_active", Integer, nullable=False),
    Column("is_let_in", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("added_at", Text, nullable=False),
)

round_ = Table(
    "round",
    metadata,
    _id(),
    Column("kind", Text, nullable=False),
    Column("opened_at", Text, nullable=False),
    Column("closed_at", Text),
    Column("seed", Integer, nullable=False),
    Column("per_chain", Integer),
    Column("gold_share", Float, nullable=False),
    Column("pass_mark", Float, nullable=False),
    sqlite_autoincrement=True,
)

assignment = Table(
    "assignment",
    metadata,
    Column("round_id", Integer, ForeignKey("round.id", ondelete="CASCADE"), primary_key=True, nullable=False),
    Column("annotator", Text, primary_key=True, nullable=False),
    Column("chains", Text, nullable=False),
    Index("ix_assignment_annotator", "annotator"),
)
"""One person's items of one round as a JSON list of chain keys, in that person's order; gold looks like all others."""

round_gold = Table(
    "round_gold",
    metadata,
    Column("round_id", Integer, ForeignKey("round.id", ondelete="CASCADE"), primary_key=True, nullable=False),
    Column("chain_key", Text, primary_key=True, nullable=False),
)
"""Which items of a round are gold. What is answered to them says how a person does, and nothing of the chain."""

gold = Table(
    "gold",
    metadata,
    Column("chain_key", Text, primary_key=True, nullable=False),
    Column("answer", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("set_at", Text, nullable=False),
)
"""Answers that the curator is sure of. Nothing that a person who answers is shown is read from here."""

draft = Table(
    "draft",
    metadata,
    Column("annotator", Text, primary_key=True, nullable=False),
    Column("chain_key", Text, primary_key=True, nullable=False),
    Column("text", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("active_seconds", Float, nullable=False),
    Column("skips", Integer, nullable=False),
)
"""What a person has typed and not given yet, and how often they put the question off. No step of undo."""

adjudication = Table(
    "adjudication",
    metadata,
    Column("chain_key", Text, primary_key=True, nullable=False),
    Column("kind", Text, nullable=False),
    Column("label", Text),
    Column("adjudicator", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", Text, nullable=False),
)

mark = Table(
    "mark",
    metadata,
    Column("chain_key", Text, primary_key=True, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("marked_at", Text, nullable=False),
)

comment = Table(
    "comment",
    metadata,
    _id(),
    Column("chain_key", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", Text, nullable=False),
    Index("ix_comment_chain", "chain_key"),
    sqlite_autoincrement=True,
)

rollout = Table(
    "rollout",
    metadata,
    _id(),
    Column("chain_key", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("run_id", Integer, ForeignKey("run.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("answer", Text),
    Column("is_correct", Integer, nullable=False),
    Column("finish_reason", Text, nullable=False),
    Column("tokens", Integer),
    Column("error_kind", Text),
    Column("trace", Text, nullable=False),
    Column("first_wrong_hop", Integer),
    UniqueConstraint("chain_key", "fingerprint", "position", name="uq_rollout"),
    Index(
        "ix_rollout_outcome",
        *("chain_key", "fingerprint", "position", "is_correct", "finish_reason", "tokens"),
        *("first_wrong_hop", "error_kind", "answer"),
    ),
)
"""Belongs to a chain and a solver's fingerprint, not to one work row, so that 8 rollouts can be topped up to 16.

`first_wrong_hop` repeats of `trace` what charts count by; the index spares them the texts, which are long.
"""

rollout_error = Table(
    "rollout_error",
    metadata,
    Column("chain_key", Text, primary_key=True, nullable=False),
    Column("fingerprint", Text, primary_key=True, nullable=False),
    Column("position", Integer, primary_key=True, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subkind", Text, nullable=False),
    Column("judged_by", Text, nullable=False),
    Column("judged_at", Text, nullable=False),
)
"""What a person says went wrong in a rollout; it follows the rollout, which is the same attempt for good."""

verdict = Table(
    "verdict",
    metadata,
    _id(),
    Column("chain_key", Text, nullable=False),
    Column("work_id", Integer, ForeignKey("work.id", ondelete="CASCADE"), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("label", Text),
    Column("votes", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Index("ix_verdict_chain", "chain_key"),
    Index("ix_verdict_work", "work_id"),
)

difficulty = Table(
    "difficulty",
    metadata,
    _id(),
    Column("chain_key", Text, nullable=False),
    Column("work_id", Integer, ForeignKey("work.id", ondelete="CASCADE"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("n_correct", Integer, nullable=False),
    Column("interval_low", Float, nullable=False),
    Column("interval_high", Float, nullable=False),
    Column("model", Text, nullable=False),
    Column("is_simulated", Integer, nullable=False),
    Column("is_kept", Integer, nullable=False),
    Column("is_until_decided", Integer, nullable=False, server_default=text("0")),
    Index("ix_difficulty_chain", "chain_key"),
    Index("ix_difficulty_work", "work_id"),
)

undo_step = Table(
    "undo_step",
    metadata,
    _id(),
    Column("text", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    CheckConstraint("state IN ('done', 'undone')", name="ck_undo_step_state"),
)
"""What a person did, in order. `done` steps come first; a new step deletes the `undone` ones after it."""

undo_change = Table(
    "undo_change",
    metadata,
    _id(),
    Column("step_id", Integer, ForeignKey("undo_step.id", ondelete="CASCADE"), nullable=False),
    Column("table_name", Text, nullable=False),
    Column("row_key", Text, nullable=False),
    Column("before", Text),
    Column("after", Text),
    Index("ix_undo_change_step", "step_id"),
)
"""One row before and after a step, as JSON; null where there was none."""
