"""Rendered sample scenes with exact truth: still lifes on a table, a shelf or a windowsill.

`render_scene` draws one, `write_scenes` a folder of them, `read_scenes` reads the truth of such a folder.
"""

from hopchain_core.scenes.files import FORMAT, SCENES_FILE, SceneFile, read_scenes, write_scenes
from hopchain_core.scenes.render import Scene, render_scene
from hopchain_core.scenes.style import SceneStyle, Setting

__all__ = [
    "FORMAT",
    "SCENES_FILE",
    "Scene",
    "SceneFile",
    "SceneStyle",
    "Setting",
    "read_scenes",
    "render_scene",
    "write_scenes",
]
