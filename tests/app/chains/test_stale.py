"""A chain whose instances went after it was audited."""

from __future__ import annotations

from pathlib import Path

from app.presenters.chain_detail import read_detail
from hopchain_core.domain.findings import Severity
from hopchain_core.project import Project


def test_that_a_chain_whose_instance_is_gone_passes_no_longer(sample_project: Path) -> None:
    with Project.open(sample_project) as project:
        with project.read() as read:
            stored = next(read.chains())
            before = read_detail(read, stored.chain.key)
        assert before.is_audited
        assert not [f for f in before.findings if f.severity is Severity.ERROR]
        project.remove_instances([stored.chain.instances[0]])
        with project.read() as read:
            after = read_detail(read, stored.chain.key)
        assert not after.is_audited
        assert "references" in {f.rule for f in after.findings if f.severity is Severity.ERROR}
        project.undo()
        with project.read() as read:
            assert read_detail(read, stored.chain.key).findings == before.findings
