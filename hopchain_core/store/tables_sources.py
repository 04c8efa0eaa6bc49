"""What pictures are and what machines see in them, and the runs that did it. See `schema`."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from hopchain_core.store.tables import metadata, row_id

image = Table(
    "image",
    metadata,
    row_id(),
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
    row_id(),
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
    row_id(),
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
    row_id(),
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
    row_id(),
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
    row_id(),
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
    row_id(),
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
