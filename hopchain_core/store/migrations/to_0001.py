"""Schema 1: the first released shape of a project file."""

from __future__ import annotations

import sqlite3

_TABLES = """
CREATE TABLE annotation (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    chain_key TEXT NOT NULL,
    annotator TEXT NOT NULL,
    outcome TEXT NOT NULL,
    answer TEXT,
    active_seconds FLOAT NOT NULL,
    note TEXT NOT NULL,
    answered_at TEXT NOT NULL,
    CONSTRAINT uq_annotation UNIQUE (chain_key, annotator)
);
CREATE TABLE comment (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    chain_key TEXT NOT NULL,
    author TEXT NOT NULL,
    text TEXT NOT NULL,
    written_at TEXT NOT NULL
);
CREATE TABLE image (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    path TEXT NOT NULL,
    width_px INTEGER NOT NULL,
    height_px INTEGER NOT NULL,
    licence TEXT NOT NULL,
    source TEXT NOT NULL,
    split_group TEXT NOT NULL,
    file_format TEXT NOT NULL,
    perceptual_hash TEXT NOT NULL,
    CONSTRAINT uq_image_key UNIQUE ("key")
);
CREATE TABLE mark (
    chain_key TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    marked_at TEXT NOT NULL,
    PRIMARY KEY (chain_key)
);
CREATE TABLE project (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (name)
);
CREATE TABLE refused_file (
    path TEXT NOT NULL,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    refused_at TEXT NOT NULL,
    PRIMARY KEY (path)
);
CREATE TABLE run (
    id INTEGER NOT NULL,
    stage TEXT NOT NULL,
    stage_version INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    options TEXT NOT NULL,
    backend TEXT,
    prompt_hash TEXT NOT NULL,
    seed INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT NOT NULL,
    PRIMARY KEY (id)
);
CREATE TABLE undo_step (
    id INTEGER NOT NULL,
    text TEXT NOT NULL,
    made_at TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT ck_undo_step_state CHECK (state IN ('done', 'undone'))
);
CREATE TABLE rollout (
    id INTEGER NOT NULL,
    chain_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    position INTEGER NOT NULL,
    run_id INTEGER NOT NULL,
    text TEXT NOT NULL,
    answer TEXT,
    is_correct INTEGER NOT NULL,
    finish_reason TEXT NOT NULL,
    tokens INTEGER,
    error_kind TEXT,
    trace TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT uq_rollout UNIQUE (chain_key, fingerprint, position),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE TABLE source_object (
    id INTEGER NOT NULL,
    image_id INTEGER NOT NULL,
    origin TEXT NOT NULL,
    source_id TEXT NOT NULL,
    category TEXT NOT NULL,
    x0 FLOAT NOT NULL,
    y0 FLOAT NOT NULL,
    x1 FLOAT NOT NULL,
    y1 FLOAT NOT NULL,
    mask TEXT,
    is_crowd INTEGER NOT NULL,
    attributes TEXT NOT NULL,
    PRIMARY KEY (id),
    CONSTRAINT uq_source_object UNIQUE (image_id, origin, source_id),
    FOREIGN KEY(image_id) REFERENCES image (id) ON DELETE CASCADE
);
CREATE TABLE undo_change (
    id INTEGER NOT NULL,
    step_id INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    row_key TEXT NOT NULL,
    "before" TEXT,
    "after" TEXT,
    PRIMARY KEY (id),
    FOREIGN KEY(step_id) REFERENCES undo_step (id) ON DELETE CASCADE
);
CREATE TABLE work (
    id INTEGER NOT NULL,
    stage TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    item_key TEXT NOT NULL,
    subject TEXT NOT NULL,
    run_id INTEGER NOT NULL,
    status TEXT NOT NULL,
    is_current INTEGER NOT NULL,
    seconds FLOAT NOT NULL,
    error_kind TEXT,
    error_text TEXT,
    PRIMARY KEY (id),
    CONSTRAINT uq_work_item UNIQUE (stage, fingerprint, item_key),
    FOREIGN KEY(run_id) REFERENCES run (id)
);
CREATE TABLE category (
    id INTEGER NOT NULL,
    image_id INTEGER NOT NULL,
    work_id INTEGER NOT NULL,
    name TEXT NOT NULL,
    estimated_count INTEGER,
    is_countable INTEGER NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(image_id) REFERENCES image (id) ON DELETE CASCADE,
    FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);
CREATE TABLE chain (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    work_id INTEGER,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    composer TEXT NOT NULL,
    version INTEGER NOT NULL,
    supersedes TEXT,
    is_executable INTEGER NOT NULL,
    hop_count INTEGER NOT NULL,
    body TEXT NOT NULL,
    FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);
CREATE TABLE difficulty (
    id INTEGER NOT NULL,
    chain_key TEXT NOT NULL,
    work_id INTEGER NOT NULL,
    n INTEGER NOT NULL,
    n_correct INTEGER NOT NULL,
    interval_low FLOAT NOT NULL,
    interval_high FLOAT NOT NULL,
    model TEXT NOT NULL,
    is_simulated INTEGER NOT NULL,
    is_kept INTEGER NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);
CREATE TABLE finding (
    id INTEGER NOT NULL,
    chain_key TEXT NOT NULL,
    work_id INTEGER NOT NULL,
    rule TEXT NOT NULL,
    severity TEXT NOT NULL,
    hop INTEGER,
    message TEXT NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);
CREATE TABLE instance (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    "key" TEXT NOT NULL,
    image_id INTEGER NOT NULL,
    work_id INTEGER,
    category TEXT NOT NULL,
    x0 FLOAT NOT NULL,
    y0 FLOAT NOT NULL,
    x1 FLOAT NOT NULL,
    y1 FLOAT NOT NULL,
    mask TEXT,
    area_px FLOAT NOT NULL,
    score FLOAT,
    origin TEXT NOT NULL,
    attributes TEXT NOT NULL,
    is_crowd INTEGER NOT NULL,
    supersedes TEXT,
    is_removed INTEGER NOT NULL,
    is_hidden INTEGER NOT NULL,
    FOREIGN KEY(image_id) REFERENCES image (id) ON DELETE CASCADE,
    FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);
CREATE TABLE refusal (
    id INTEGER NOT NULL,
    work_id INTEGER NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);
CREATE TABLE verdict (
    id INTEGER NOT NULL,
    chain_key TEXT NOT NULL,
    work_id INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    label TEXT,
    votes TEXT NOT NULL,
    policy TEXT NOT NULL,
    PRIMARY KEY (id),
    FOREIGN KEY(work_id) REFERENCES work (id) ON DELETE CASCADE
);
CREATE TABLE chain_image (
    chain_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    image_id INTEGER NOT NULL,
    PRIMARY KEY (chain_id, position),
    FOREIGN KEY(chain_id) REFERENCES chain (id) ON DELETE CASCADE,
    FOREIGN KEY(image_id) REFERENCES image (id) ON DELETE CASCADE
);
"""

_INDEXES = """
CREATE INDEX ix_comment_chain ON comment (chain_key);
CREATE INDEX ix_image_path ON image (path, "key");
CREATE INDEX ix_image_split_group ON image (split_group);
CREATE INDEX ix_run_stage ON run (stage);
CREATE INDEX ix_undo_change_step ON undo_change (step_id);
CREATE INDEX ix_work_run ON work (run_id);
CREATE INDEX ix_work_status ON work (stage, status);
CREATE UNIQUE INDEX uq_work_current ON work (stage, subject) WHERE is_current = 1;
CREATE INDEX ix_category_image ON category (image_id);
CREATE INDEX ix_category_name ON category (name);
CREATE INDEX ix_category_work ON category (work_id);
CREATE INDEX ix_chain_key ON chain ("key");
CREATE INDEX ix_chain_supersedes ON chain (supersedes);
CREATE INDEX ix_chain_work ON chain (work_id);
CREATE INDEX ix_difficulty_chain ON difficulty (chain_key);
CREATE INDEX ix_difficulty_work ON difficulty (work_id);
CREATE INDEX ix_finding_chain ON finding (chain_key);
CREATE INDEX ix_finding_rule ON finding (rule);
CREATE INDEX ix_finding_work ON finding (work_id);
CREATE INDEX ix_instance_category ON instance (category);
CREATE INDEX ix_instance_image ON instance (image_id);
CREATE INDEX ix_instance_key ON instance ("key");
CREATE INDEX ix_instance_supersedes ON instance (supersedes);
CREATE INDEX ix_instance_work ON instance (work_id);
CREATE INDEX ix_refusal_work ON refusal (work_id);
CREATE INDEX ix_verdict_chain ON verdict (chain_key);
CREATE INDEX ix_verdict_work ON verdict (work_id);
CREATE INDEX ix_chain_image_image ON chain_image (image_id);
"""


def migrate(connection: sqlite3.Connection) -> None:
    """Makes every table in an empty file. Runs inside the transaction of the caller."""
    for statement in (_TABLES + _INDEXES).split(";"):
        if statement.strip():
            connection.execute(statement)
