"""Chains, and what rules, probes and models say of them. See `schema`."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from hopchain_core.store.tables import metadata, row_id

chain = Table(
    "chain",
    metadata,
    row_id(),
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
    row_id(),
    Column("work_id", Integer, ForeignKey("work.id", ondelete="CASCADE"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Index("ix_refusal_work", "work_id"),
)
"""What a stage looked at and did not keep, with its reason: a draft chain, a mask, a category."""

finding = Table(
    "finding",
    metadata,
    row_id(),
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
    row_id(),
    Column("chain_key", Text, nullable=False),
    Column("work_id", Integer, ForeignKey("work.id", ondelete="CASCADE"), nullable=False),
    Column("probe", Text, nullable=False),
    Column("trials", Text, nullable=False),
    Index("ix_probe_result_chain", "chain_key"),
    Index("ix_probe_result_work", "work_id"),
)
"""What a model said when a chain was probed, asked and answered; what follows from it are rows of `finding`."""

rollout = Table(
    "rollout",
    metadata,
    row_id(),
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
    row_id(),
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
    row_id(),
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
