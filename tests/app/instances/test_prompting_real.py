"""The window prompts a real SAM 3 of random weights, in its own process of the models' environment."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import qasync
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.presenters.instance_prompting import Prompting
from hopchain_core.prompting import Sam3Profile, Sam3Prompts
from tests.app.instances.desk import LEFT, NONE, Desk
from tests.app.instances.test_prompting import answered, shown, write

ROOT = Path(__file__).parents[3]
PYTHON = ROOT / ".venv-models" / "bin" / "python"
MAKE = """
import sys
from pathlib import Path
import torch
from tests.models.conftest import byte_tokenizer, tiny_sam3_config
from transformers import Sam3Model
torch.manual_seed(0)
Sam3Model(tiny_sam3_config()).eval().save_pretrained(sys.argv[1])
byte_tokenizer().save_pretrained(sys.argv[1])
"""

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason="the environment of `make test-models` is not there")


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sam3")
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([str(PYTHON), "-c", MAKE, str(folder)], env=env, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def made() -> list[Sam3Prompts]:
    return []


@pytest.fixture
def prompting(weights: Path, made: list[Sam3Prompts], monkeypatch: pytest.MonkeyPatch) -> Prompting:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    profile = Sam3Profile(name="tiny", model=str(weights), python=str(PYTHON), device="cpu", dtype="float32")

    def make(profile: Sam3Profile, on_wait: object, on_step: object) -> Sam3Prompts:
        made.append(Sam3Prompts(profile, on_wait=on_wait, on_step=on_step))  # type: ignore[arg-type]
        return made[-1]

    return Prompting(lambda: (profile,), make)


def test_that_a_real_process_answers_the_window_and_ends_with_the_project(
    desk: Desk, made: list[Sam3Prompts], loop: qasync.QEventLoop
) -> None:
    # Threads of Qt's own last until the loop is closed, and would look like leaked ones.
    loop.set_default_executor(ThreadPoolExecutor(thread_name_prefix="asyncio"))
    assert "torch" not in sys.modules
    prompts = desk.space.prompts
    prompts.set_score_from(0.1)
    desk.press(Qt.Key.Key_T)
    write(desk, "kettle")
    desk.press(Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: desk.studio.tasks.count == 0, timeout=60_000)
    desk.settle()
    assert not prompts.state.text, prompts.state
    assert shown(desk)
    pid = made[0].engine.pid
    assert pid is not None
    before = len(desk.held())
    count = len(prompts.candidates.new)
    desk.press(Qt.Key.Key_Return)
    assert len(desk.held()) == before + count
    # The picture has been seen: a box is answered by the same process.
    desk.press(Qt.Key.Key_R, Qt.KeyboardModifier.ShiftModifier)
    desk.drag((100.5, 100.5), (200.5, 200.5))
    answered(desk)
    assert made[0].engine.pid == pid
    # These weights have no tracker, which is said in words.
    desk.press(Qt.Key.Key_I)
    QTest.mouseClick(desk.canvas, LEFT, NONE, desk.at(200.5, 200.5))
    desk.qtbot.waitUntil(lambda: desk.studio.tasks.count == 0, timeout=20_000)
    assert "no tracker" in desk.space.bar.text.text()
    desk.studio.close_project()
    desk.qtbot.waitUntil(lambda: desk.studio.tasks.count == 0, timeout=20_000)
    assert all(one.engine.pid is None for one in made)
    assert not Path(f"/proc/{pid}").exists()
