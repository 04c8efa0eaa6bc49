"""Nothing typed is ever lost: drafts over switching, closing, restarting and being killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from app.presenters.draft_store import DraftStore
from hopchain_core.project import Project
from tests.app.chains.editing import windowless
from tests.app.chains.typed import typed_draft

_WORDS = "How many of them, then?"


def test_that_a_draft_waits_while_another_chain_is_edited(
    settings_at: Path, sample_project: Path, qtbot: QtBot
) -> None:
    with windowless(settings_at, sample_project, qtbot) as desk:
        first, second = desk.chains()[:2]
        desk.begin(first)
        desk.edit.set_question(_WORDS)
        desk.edit.set_answer("about 4")
        desk.begin(second)
        assert desk.edit.state.question == second.chain.question
        assert not desk.edit.resumed_from
        assert [k.draft.base.key for k in desk.edit.kept_drafts()] == [first.chain.key]
        desk.begin(first)
        assert desk.edit.resumed_from
        assert desk.edit.state.question == _WORDS
        assert desk.edit.state.answer_text == "about 4"


def test_that_a_draft_outlives_project_and_studio(settings_at: Path, sample_project: Path, qtbot: QtBot) -> None:
    with windowless(settings_at, sample_project, qtbot) as desk:
        stored = desk.begin()
        desk.edit.set_question(_WORDS)
        desk.edit.set_hop(2, needs=())
        typed = desk.edit.state
        desk.studio.close_project()
        assert not desk.edit.is_editing
        desk.studio.take_project(Project.open(sample_project))
        qtbot.waitUntil(lambda: any("were kept" in toast.text for toast in desk.toasts))
        desk.begin(stored)
        assert desk.edit.state == typed
    with windowless(settings_at, sample_project, qtbot) as desk:
        assert [k.draft for k in desk.edit.kept_drafts()] == [typed]
        desk.begin(stored)
        assert desk.edit.state == typed
        assert desk.save().question == _WORDS
    with windowless(settings_at, sample_project, qtbot) as desk:
        assert desk.edit.kept_drafts() == ()
    assert list((settings_at.parent / "drafts").iterdir()) == []


def test_that_changed_hops_outlive_project_and_studio(settings_at: Path, sample_project: Path, qtbot: QtBot) -> None:
    with windowless(settings_at, sample_project, qtbot) as desk:
        stored = desk.begin()
        desk.edit.add_hop(1)
        desk.edit.set_hop(2, sub_question=_WORDS)
        desk.edit.move_hop(2, 1)
        desk.edit.remove_hop(1, is_agreed=True)
        left = desk.edit.state
        desk.settle()
    with windowless(settings_at, sample_project, qtbot) as desk:
        desk.begin(stored)
        assert desk.edit.state == left
        made = desk.save()
        assert made.hops == desk.seen(stored).hops == left.chain.hops
        assert made.hop(2).sub_question == _WORDS


def test_that_what_is_typed_while_hops_are_saved_goes_on_upon_them(
    settings_at: Path, sample_project: Path, qtbot: QtBot
) -> None:
    with windowless(settings_at, sample_project, qtbot) as desk:
        stored = desk.begin()
        desk.edit.add_hop(1)
        desk.edit.set_hop(2, sub_question=_WORDS)
        assert desk.edit.save()
        desk.edit.set_hop(3, sub_question="And meanwhile?")
        qtbot.waitUntil(lambda: desk.edit.state.base.version == 2)
        desk.settle()
        assert len(desk.edit.state.hops) == len(stored.chain.hops) + 1
        assert not desk.edit.is_stale
        assert [h.index for h in desk.edit.state.hops if desk.edit.state.has_changed(h.index)] == [3]


def test_that_a_draft_of_the_first_format_is_read(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    kept = store.keep("p", replace(typed_draft(), question=_WORDS))
    store.write()
    path = next(tmp_path.glob("*.json"))
    data = json.loads(path.read_text(encoding="utf-8"))
    data["format"] = 1
    del data["ids"]
    path.write_text(json.dumps(data), encoding="utf-8")
    assert [k.draft for k in DraftStore(tmp_path).of_project("p")] == [kept.draft]


def test_that_a_draft_of_a_replaced_version_is_offered_no_more(
    settings_at: Path, sample_project: Path, qtbot: QtBot
) -> None:
    with windowless(settings_at, sample_project, qtbot) as desk:
        stored = desk.begin()
        desk.edit.set_question(_WORDS)
        desk.edit.put_aside()
        desk.studio.need_project().edit_chain(stored.chain.key, question=f"{stored.chain.question} Now")
        qtbot.waitUntil(lambda: desk.studio.bridge.is_idle)
    with windowless(settings_at, sample_project, qtbot) as desk:
        qtbot.waitUntil(lambda: desk.studio.bridge.is_idle)
        assert not any("were kept" in toast.text for toast in desk.toasts)
        # At the chain itself it can still be taken up.
        assert desk.edit.kept_for([stored.chain.key]) is not None
        desk.studio.need_project().undo()
        desk.studio.close_project()
        desk.studio.take_project(Project.open(sample_project))
        qtbot.waitUntil(lambda: any("were kept" in toast.text for toast in desk.toasts))


def test_that_a_draft_of_another_project_is_left_alone(
    settings_at: Path, sample_project: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    Project.create(tmp_path / "other.hopchain").close()
    with windowless(settings_at, sample_project, qtbot) as desk:
        desk.begin()
        desk.edit.set_question(_WORDS)
    with windowless(settings_at, tmp_path / "other.hopchain", qtbot) as desk:
        assert desk.edit.kept_drafts() == ()
        assert desk.toasts == []


def test_that_a_draft_is_found_from_a_later_version(settings_at: Path, sample_project: Path, qtbot: QtBot) -> None:
    with windowless(settings_at, sample_project, qtbot) as desk:
        stored = desk.begin()
        desk.edit.set_question(_WORDS)
        desk.edit.put_aside()
        theirs = desk.project.edit_chain(stored.chain.key, by="ben", question="Theirs?")
        with desk.project.read() as read:
            second = read.chain(theirs.key)
        desk.begin(second)
        assert desk.edit.state.question == _WORDS
        assert "replaced by version 2" in desk.edit.stale_words


def test_that_a_draft_is_found_after_its_version_was_taken_back(
    settings_at: Path, sample_project: Path, qtbot: QtBot
) -> None:
    with windowless(settings_at, sample_project, qtbot) as desk:
        stored = desk.begin()
        desk.edit.set_answer("12")
        made = desk.save()
        with desk.project.read() as read:
            desk.begin(read.chain(made.key))
        desk.edit.set_question(_WORDS)
        desk.edit.put_aside()
        desk.undo()
        desk.begin(stored)
        assert desk.edit.state.question == _WORDS
        assert "was taken back" in desk.edit.stale_words


def test_that_discarding_leaves_nothing_and_restarting_begins_anew(
    settings_at: Path, sample_project: Path, qtbot: QtBot
) -> None:
    with windowless(settings_at, sample_project, qtbot) as desk:
        stored = desk.begin()
        desk.edit.set_question(_WORDS)
        desk.edit.restart()
        desk.settle()
        assert desk.edit.state.question == stored.chain.question
        desk.edit.set_question(_WORDS)
        desk.edit.discard()
        desk.settle()
        assert desk.edit.kept_drafts() == ()
        desk.begin(stored)
        assert desk.edit.state.question == stored.chain.question


def test_that_words_put_back_leave_no_draft(settings_at: Path, sample_project: Path, qtbot: QtBot) -> None:
    with windowless(settings_at, sample_project, qtbot) as desk:
        stored = desk.begin()
        desk.edit.set_question(_WORDS)
        assert len(desk.edit.kept_drafts()) == 1
        desk.edit.set_question(stored.chain.question)
        assert desk.edit.kept_drafts() == ()


def test_that_a_draft_whose_words_are_saved_already_is_forgotten(
    settings_at: Path, sample_project: Path, qtbot: QtBot
) -> None:
    with windowless(settings_at, sample_project, qtbot) as desk:
        stored = desk.begin()
        desk.edit.set_question(_WORDS)
        desk.edit.put_aside()
        # As when the studio is killed right after saving.
        made = desk.project.edit_chain(stored.chain.key, by="ada", question=_WORDS)
        with desk.project.read() as read:
            desk.begin(read.chain(made.key))
        assert not desk.edit.resumed_from
        assert not desk.edit.is_stale
        assert desk.edit.kept_drafts() == ()


def test_that_a_disk_that_refuses_is_told(settings_at: Path, sample_project: Path, qtbot: QtBot) -> None:
    (settings_at.parent / "drafts").write_text("in the way")
    with windowless(settings_at, sample_project, qtbot) as desk:
        desk.begin()
        desk.edit.set_question(_WORDS)
        desk.settle()
        assert "cannot be kept" in desk.toasts[-1].text
        assert desk.edit.state.question == _WORDS


def test_that_a_damaged_draft_is_left_where_it_is(settings_at: Path, sample_project: Path, qtbot: QtBot) -> None:
    with windowless(settings_at, sample_project, qtbot) as desk:
        desk.begin()
        desk.edit.set_question(_WORDS)
    (path,) = (settings_at.parent / "drafts").iterdir()
    path.write_text(path.read_text()[:-20])
    with windowless(settings_at, sample_project, qtbot) as desk:
        assert desk.edit.kept_drafts() == ()
    assert path.exists()


@given(st.lists(st.text(max_size=8), max_size=8))
def test_that_what_was_noted_last_is_what_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("drafts")
    draft, store = typed_draft(), DraftStore(folder)
    for text in texts:
        draft = replace(draft, question=text)
        store.keep("p", draft)
    store.write()
    assert [k.draft for k in DraftStore(folder).of_project("p")] == ([draft] if texts else [])


def test_that_nothing_typed_is_lost_when_the_studio_is_killed(settings_at: Path, sample_project: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.app.chains.editing import windowless
from tests.app.chains.typed import typed_draft
app = QApplication([])
class Bot:
    def waitUntil(self, done, timeout=20_000):
        while not done():
            app.processEvents()
with windowless(Path({str(settings_at)!r}), Path({str(sample_project)!r}), Bot()) as desk:
    desk.begin()
    for n in range(1, {len(_WORDS)} + 1):
        desk.edit.set_question({_WORDS!r}[:n])
    desk.studio.bridge.finish_edits()
    print("typed", flush=True)
    sys.stdin.read()
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stdin=subprocess.PIPE, cwd=root, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"typed\n"
        process.send_signal(signal.SIGKILL)
        process.wait()
    (path,) = (settings_at.parent / "drafts").iterdir()
    assert json.loads(path.read_text())["question"] == _WORDS


def test_that_a_killed_write_leaves_the_draft_before_it(tmp_path: Path) -> None:
    store = DraftStore(tmp_path)
    kept = store.keep("p", typed_draft())
    store.write()
    (path,) = tmp_path.iterdir()
    path.with_name(f"{path.name}.part").write_text("{half")
    assert DraftStore(tmp_path).of_project("p") == (kept,)


@pytest.fixture
def settings_at(tmp_path: Path) -> Path:
    """Where the settings lie; drafts lie beside them."""
    folder = tmp_path / "config"
    folder.mkdir()
    return folder / "settings.json"
