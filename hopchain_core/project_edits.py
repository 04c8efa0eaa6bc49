"""What people do in a project: each method is one step of undo, and is on the disk when it returns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hopchain_core import edits as chain_edits
from hopchain_core import edits_instances as instance_edits
from hopchain_core import edits_rollouts as rollout_edits
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.geometry import Box, Mask
from hopchain_core.domain.instances import AttributeName, Instance
from hopchain_core.domain.keys import ChainKey, ImageKey, InstanceKey
from hopchain_core.domain.policy import Policy
from hopchain_core.domain.review import Annotation, Mark
from hopchain_core.domain.rollout_errors import RolloutError, RolloutName
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.undo import StepPlaces


class ProjectEdits:
    """The half of `Project` that people write with.

    Args:
        file: The project's file.
    """

    def __init__(self, file: ProjectFile) -> None:
        self._file = file

    def annotate(self, annotation: Annotation, *, by: object = None) -> None:
        """Takes one person's answer; it replaces that person's earlier answer to the same version.

        Raises:
            InputError: There is no such chain.
        """
        self._file.edit(f"Answer of {annotation.annotator}", lambda uow: chain_edits.annotate(uow, annotation), by)

    def take_back_answer(self, chain: ChainKey, annotator: str, *, by: object = None) -> None:
        """Removes one person's answer.

        Raises:
            InputError: There is none.
        """
        self._file.edit(f"Take back answer of {annotator}", lambda uow: chain_edits.unanswer(uow, chain, annotator), by)

    def mark(self, mark: Mark, *, by: object = None) -> None:
        """Accepts, rejects or flags a chain; what was decided before is replaced.

        Raises:
            InputError: There is no such chain.
        """
        self._file.edit(f"{mark.kind.value.capitalize()} chain", lambda uow: chain_edits.mark(uow, mark), by)

    def unmark(self, chain: ChainKey, *, by: object = None) -> None:
        """Takes a curator's decision back; nothing happens where there is none."""
        self._file.edit("Remove mark", lambda uow: chain_edits.unmark(uow, chain), by)

    def comment(self, chain: ChainKey, author: str, text: str, *, by: object = None) -> None:
        """Adds a comment to a chain.

        Raises:
            InputError: There is no such chain, or the comment is empty.
        """
        self._file.edit("Comment", lambda uow: chain_edits.comment(uow, chain, author, text), by)

    def edit_chain(self, chain: ChainKey, *, by: object = None, **changes: Any) -> Chain:
        """Makes a corrected version of a chain (`question`, `hops`, `answer`, `instances`), by a person.

        Answers and rollouts belong to a version: those to the old one do not count for the new one.

        Raises:
            InputError: There is no such chain, or a later version is there already.
        """
        return self._file.edit("Edit chain", lambda uow: chain_edits.edit_chain(uow, chain, changes), by)

    def add_instance(
        self, image: ImageKey, category: str, box: Box, mask: Mask | None = None, *, by: object = None
    ) -> Instance:
        """Adds an instance that a person drew.

        Raises:
            InputError: There is no such picture, or the box lies outside it.
        """
        return self._file.edit(
            f"Add {category}", lambda uow: instance_edits.add_instance(uow, image, category, box, mask), by
        )

    def add_instances(
        self, image: ImageKey, category: str, found: Iterable[tuple[Mask, float]], *, by: object = None
    ) -> tuple[Instance, ...]:
        """Adds instances that a model proposed and a person kept, with the model's scores.

        Args:
            image: The picture.
            category: Of all of them.
            found: Masks in pixels of the picture, and scores in [0, 1]; what is there already is left out.
            by: Who asked, for `on_commit`.

        Raises:
            InputError: There is no such picture, a mask is not of its size or empty, or none of them is new.
        """
        kept = tuple(found)
        text = f"Keep {category}" if len(kept) == 1 else f"Keep {len(kept)} of {category}"
        return self._file.edit(text, lambda uow: instance_edits.add_instances(uow, image, category, kept), by)

    def relabel_instances(
        self, instances: Iterable[InstanceKey], category: str, *, by: object = None
    ) -> tuple[Instance, ...]:
        """Gives instances another category, each as a new version.

        Raises:
            InputError: One is not seen in its picture: never there, removed, or changed since.
        """
        return self._file.edit(
            f"Relabel as {category}", lambda uow: instance_edits.relabel_instances(uow, instances, category), by
        )

    def redraw_instance(
        self, instance: InstanceKey, box: Box, mask: Mask | None = None, *, by: object = None
    ) -> Instance:
        """Gives an instance another box or mask, as a new version.

        Raises:
            InputError: It is not seen in its picture, or what was drawn is empty or leaves the picture.
        """
        return self._file.edit(
            "Redraw instance", lambda uow: instance_edits.redraw_instance(uow, instance, box, mask), by
        )

    def describe_instance(
        self, instance: InstanceKey, values: Mapping[AttributeName, str], *, by: object = None
    ) -> Instance:
        """Says what an instance looks like, as a new version of it.

        Args:
            instance: The version that is seen.
            values: Attributes to set; an empty text takes one away; those not named stay.
            by: Who asked, for `on_commit`.

        Raises:
            InputError: As `relabel_instances`.
        """
        return self._file.edit(
            "Describe instance", lambda uow: instance_edits.describe_instance(uow, instance, values), by
        )

    def merge_instances(self, instances: Iterable[InstanceKey], *, by: object = None) -> Instance:
        """Makes one instance of several parts: the first's category and attributes, the pixels of all.

        Raises:
            InputError: Fewer than two, of several pictures, some with a mask and some without, or not seen.
        """
        return self._file.edit("Merge instances", lambda uow: instance_edits.merge_instances(uow, instances), by)

    def remove_instances(self, instances: Iterable[InstanceKey], *, by: object = None) -> None:
        """Removes instances from their picture. Raises as `relabel_instances`."""
        keys = tuple(instances)
        text = "Remove instance" if len(keys) == 1 else f"Remove {len(keys)} instances"
        self._file.edit(text, lambda uow: instance_edits.remove_instances(uow, keys), by)

    def hide_instances(self, instances: Iterable[InstanceKey], *, hidden: bool = True, by: object = None) -> None:
        """Shows instances no longer, or again. A matter of looks only. Raises as `relabel_instances`."""
        keys = tuple(instances)
        text = ("Hide " if hidden else "Show ") + ("instance" if len(keys) == 1 else f"{len(keys)} instances")
        self._file.edit(text, lambda uow: instance_edits.hide_instances(uow, keys, hidden), by)

    def judge_rollout(self, error: RolloutError, *, by: object = None) -> None:
        """Says what went wrong in a rollout; what was said of it before is replaced.

        Raises:
            InputError: There is no such rollout.
        """
        text = f"Error kind of rollout {error.rollout.index + 1}"
        self._file.edit(text, lambda uow: rollout_edits.judge_rollout(uow, error), by)

    def unjudge_rollout(self, rollout: RolloutName, *, by: object = None) -> None:
        """Takes back what was said of a rollout; nothing happens where nothing was."""
        text = f"No error kind of rollout {rollout.index + 1}"
        self._file.edit(text, lambda uow: rollout_edits.unjudge_rollout(uow, rollout), by)

    def set_policy(self, policy: Policy, *, by: object = None) -> None:
        """Sets what `decide` goes by."""
        self._file.edit("Set policy", lambda uow: chain_edits.set_policy(uow, policy), by)

    def undo(self, *, by: object = None) -> str | None:
        """Takes back the last step; its text, or None when there is none.

        Raises:
            StaleUndoError: What the step left has changed since; nothing is written.
        """
        return self._file.undo(by)

    def redo(self, *, by: object = None) -> str | None:
        """Does the step undone last again. Returns and raises as `undo`."""
        return self._file.redo(by)

    def leave_out(self, *, by: object = None) -> str | None:
        """Leaves the last step out of what can be taken back, such as one that undo refused; what it did stays.

        Returns:
            Its text, or None when there is none.
        """
        return self._file.leave_out(by)

    def undo_texts(self) -> tuple[str | None, str | None]:
        """What undo and redo would do now."""
        return self._file.undo_texts()

    def undo_places(self) -> tuple[StepPlaces, StepPlaces]:
        """Which chains and pictures undo and redo would concern now; after an undo, the second is what it concerned."""
        return self._file.undo_places()
