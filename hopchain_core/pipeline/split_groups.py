"""Keeps pictures that look alike together, so that a split never parts them.

Groups are the connected groups of near perceptual hashes over all pictures of the project, so who is together depends
on the pictures alone. A group is called by the key of its member that was taken in first, which within one ingest is the
first by path; it keeps that name when more pictures join. When new pictures connect two groups, the name of the one with
the older member stays. So groups only ever merge, and what was decided by the name of a group stands for all others.
"""

from __future__ import annotations

from functools import partial

from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.pictures.neighbours import groups_of
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.rows_images import write_split_groups

_AT_ONCE = 500
"""Rows of one transaction; they take some milliseconds, so that a person's write hardly waits. Chosen."""


def regroup(project_file: ProjectFile) -> int:
    """Brings the split groups of a project up to date; harmless when they are.

    Stopped in the middle and called again, it comes to the same groups: it never renames the member that gives a group
    its name.

    Returns:
        How many pictures share a group with another.
    """
    with project_file.read() as read:
        images = list(read.images_as_they_came())
    groups = split_groups(images)
    changed = [(image.key, groups[image.key]) for image in images if image.split_group != groups[image.key]]
    for start in range(0, len(changed), _AT_ONCE):
        part = dict(changed[start : start + _AT_ONCE])
        project_file.writer.submit(partial(write_split_groups, groups=part)).result()
    sizes: dict[str, int] = {}
    for group in groups.values():
        sizes[group] = sizes.get(group, 0) + 1
    return sum(size for size in sizes.values() if size > 1)


def split_groups(images: list[Image]) -> dict[ImageKey, str]:
    """The group of each picture.

    Args:
        images: The one taken in first first. One without a perceptual hash is a group of its own.
    """
    hashed = [image for image in images if image.perceptual_hash]
    first_of = groups_of([image.perceptual_hash for image in hashed]).tolist()
    groups = {image.key: image.split_group or str(image.key) for image in images}
    names = [groups[image.key] for image in hashed]
    groups.update({image.key: names[first] for image, first in zip(hashed, first_of, strict=True)})
    return groups
