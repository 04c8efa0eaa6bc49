"""What people answer, decide and write, and how it is shared out among them. See `schema`."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from hopchain_core.store.tables import metadata, row_id

annotation = Table(
    "annotation",
    metadata,
    row_id(),
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
    row_id(),
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
    row_id(),
    Column("chain_key", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", Text, nullable=False),
    Index("ix_comment_chain", "chain_key"),
    sqlite_autoincrement=True,
)
