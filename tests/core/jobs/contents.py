"""All that a project says, without row ids, times and run numbers: what two projects are compared by."""

from __future__ import annotations

from typing import Any

from hopchain_core.store.project_file import ProjectFile


def content_of(file: ProjectFile) -> dict[str, Any]:
    """Pictures with their categories, instances and chains, and what is said of those."""
    with file.read() as read:
        return {
            "pictures": {
                image.path: (read.categories(image.key), sorted(read.instances(image.key), key=lambda i: i.key))
                for image in read.images()
            },
            "chains": {
                stored.chain.key: (
                    stored.chain,
                    sorted(read.findings(stored.chain.key), key=repr),
                    read.rollouts(stored.chain.key),
                    read.verdict(stored.chain.key),
                    read.difficulty(stored.chain.key),
                    read.status(stored.chain.key),
                    _composed_by(read, stored.run_id),
                )
                for stored in read.chains()
            },
            "refusals": {stage: sorted(read.refusals(stage).rows, key=repr) for stage in ("segment", "compose")},
            "work": {stage: (c.done, c.superseded, c.failed) for stage, c in read.work_counts().items()},
        }


def _composed_by(read: Any, run_id: Any) -> str | None:
    return None if run_id is None else read.run(run_id).fingerprint
