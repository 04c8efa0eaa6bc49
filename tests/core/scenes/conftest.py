"""A handful of scenes, painted once."""

import pytest

from hopchain_core.scenes import Scene, SceneStyle, Setting
from hopchain_core.scenes.render import Staged, stage_scene
from hopchain_core.scenes.truth import source_objects

SIZE = (1200, 900)
SEEDS = {Setting.TABLE: 11, Setting.SHELF: 12, Setting.WINDOWSILL: 13}


@pytest.fixture(scope="session")
def staged() -> dict[Setting, Staged]:
    """One scene of each setting at full size."""
    return {
        setting: stage_scene(seed, *SIZE, SceneStyle(settings=(setting,), most_things=16))
        for setting, seed in SEEDS.items()
    }


@pytest.fixture(scope="session")
def scenes(staged: dict[Setting, Staged]) -> list[Scene]:
    """The same as pictures with their truth."""
    return [
        Scene(SEEDS[setting], s.canvas.developed(), source_objects(s.painted, s.canvas.ids))
        for setting, s in staged.items()
    ]
