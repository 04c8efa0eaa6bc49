"""Lists of just those pictures and chains that are named."""

from __future__ import annotations

from dataclasses import replace

from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.queries import ChainQuery, ImageQuery
from tests.core.store.test_queries import fill


def test_that_only_named_pictures_and_chains_are_listed(project: ProjectFile) -> None:
    project.writer.submit(fill).result()
    with project.read() as read:
        images, chains = read.image_ids(), read.chain_ids()
        some = ImageQuery(numbers=(images[0], images[-1], 9999))
        assert list(read.image_ids(some)) == [images[0], images[-1]]
        assert list(read.image_ids(replace(some, text="no such name"))) == []
        assert list(read.chain_ids(ChainQuery(numbers=(chains[1],)))) == [chains[1]]
        assert read.chain_count(ChainQuery(numbers=())) == 0
        assert read.chain_facets(ChainQuery(numbers=(chains[1],))).total == 1
        assert read.image_facets(ImageQuery(numbers=())).without_chains == 0
