"""Models of stages in the pipeline: chosen, missed and mended; their servers, and what is kept of runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.composition import Composed
from app.models.stage_servers import ServerBoard
from app.studio import Studio
from app.views.models.dialog import ModelsDialog
from app.views.pipeline.hindered_dialog import HinderedDialog
from app.views.pipeline.profile_select import ProfileSelect
from app.views.pipeline.space import PipelineSpace
from app.widgets.label import QuestionLabel
from hopchain_core.domain.provenance import RunOutcome
from hopchain_core.jobs.events import (
    CardMemory,
    ModelPace,
    RunEnded,
    RunStarted,
    ServerChanged,
    ServerState,
    ServerWrote,
)
from hopchain_core.profiles.book import ProfileBook, read_profile
from hopchain_core.project import BackendChoice

ENDPOINT = {"kind": "endpoint", "url": "http://127.0.0.1:9/v1", "model": "tiny"}


@pytest.fixture
def book(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProfileBook:
    monkeypatch.setenv("HOPCHAIN_PROFILES", str(tmp_path / "profiles.json"))
    return ProfileBook()


@pytest.fixture
def space(composed: Composed, qtbot: QtBot, book: ProfileBook, studio: Studio) -> PipelineSpace:
    """The pipeline of a project whose solver is a model that is not there."""
    project = studio.need_project()
    options = project.last_options()
    project.set_options(options.model_copy(update={"solver": BackendChoice(name="vlm", options={})}))
    studio.go("pipeline")
    found = composed.window.stack.currentWidget()
    assert isinstance(found, PipelineSpace)
    qtbot.waitUntil(lambda: found.presenter.overview is not None and found.presenter.is_up_to_date)
    return found


def select_of(space: PipelineSpace) -> ProfileSelect:
    found = space.settings.backend_form.input("profile")
    assert isinstance(found, ProfileSelect)
    return found


def texts(select: ProfileSelect) -> list[str]:
    return [select.itemText(i) for i in range(select.count()) if select.itemText(i)]


def test_that_a_model_that_is_not_there_is_told_and_mended(
    space: PipelineSpace, studio: Studio, qtbot: QtBot, book: ProfileBook
) -> None:
    row = space.presenter.row("solve")
    assert row is not None
    assert row.trouble == "There is no model called weak."
    card = space.cards["solve"]
    assert card.button.text() == "Choose model"
    card.button.click()
    assert texts(select_of(space)) == ["weak · not there", "Add a model…"]
    select = select_of(space)
    select.setCurrentIndex(select.count() - 1)
    select.activated.emit(select.count() - 1)
    dialog = space.window().findChildren(ModelsDialog)[-1]
    assert dialog.heading.text() == "Server"
    for name, text in (("name", "mine"), ("url", "http://127.0.0.1:9/v1"), ("model", "tiny")):
        dialog.editor.form.input(name).setText(text)  # type: ignore[attr-defined]
    dialog.keep.click()
    qtbot.waitUntil(lambda: [p.name for p in book.all()] == ["mine"])
    qtbot.waitUntil(lambda: "mine\n" in str(dialog.model.index(0, 0).data()))
    dialog.close()
    qtbot.waitUntil(lambda: select_of(space).currentData() == "mine")
    space.settings.keep_button.click()
    qtbot.waitUntil(lambda: (found := space.presenter.row("solve")) is not None and not found.trouble)
    assert studio.need_project().last_options().choice("solver").options == {"profile": "mine"}


def test_that_only_models_that_fit_the_stage_are_offered(space: PipelineSpace, qtbot: QtBot, book: ProfileBook) -> None:
    book.put(read_profile({**ENDPOINT, "name": "weak"}))
    book.put(read_profile({"kind": "sam3", "name": "cutter"}))
    space.presenter.look_again()
    qtbot.waitUntil(lambda: space.presenter.overview is not None and len(space.presenter.overview.profiles) == 2)
    overview = space.presenter.overview
    assert overview is not None
    space.settings.show_stage("solve", overview)
    assert texts(select_of(space)) == ["weak · tiny", "Add a model…"]
    space.settings.show_stage("segment", overview)
    space.settings._show_backend("sam3", {"profile": "cutter"})
    assert texts(select_of(space)) == ["cutter · facebook/sam3", "Add a model…"]


def test_that_a_server_has_its_state_its_pace_and_its_log(space: PipelineSpace, studio: Studio, qtbot: QtBot) -> None:
    bridge = studio.bridge
    bridge.emit_event(ServerChanged(stage="solve", server="weak", kind="vllm", state=ServerState.STARTING))
    bridge.emit_event(ServerWrote(stage="solve", server="weak", kind="vllm", line="Loading weights"))
    qtbot.waitUntil(lambda: "weak" in space.logs.servers)
    panel = space.logs.servers["weak"]
    assert panel.state.text().startswith("Starting")
    assert "Loading weights" in panel.log.toPlainText()
    card = CardMemory(number=0, name="A", used_mib=1024, total_mib=81_920)
    bridge.emit_event(
        ServerChanged(stage="solve", server="weak", kind="vllm", state=ServerState.READY, text="http://x")
    )
    bridge.emit_event(ModelPace(stage="solve", server="weak", tokens_per_s=812, cards=(card,)))
    qtbot.waitUntil(lambda: panel.state.text() == "Ready")
    assert space.presenter.servers.note_of("solve") == "812 tokens/s · card 0: 1.0 of 80 GiB"
    bridge.emit_event(
        ServerChanged(stage="solve", server="weak", kind="vllm", state=ServerState.DIED, text="out of memory")
    )
    qtbot.waitUntil(lambda: panel.about.text() == "out of memory")
    assert "weak died: out of memory" in space.presenter.log.text()


def test_that_giving_up_is_said_on_the_card_until_the_next_run(
    space: PipelineSpace, studio: Studio, qtbot: QtBot
) -> None:
    started = RunStarted(stage="compose", run_id=7, backend="vlm", is_simulated=False, owed=40, already_done=0)
    why = "compose: 20 items in a row failed alike (out_of_reach: no answer)."
    ended = RunEnded(stage="compose", run_id=7, outcome=RunOutcome.GAVE_UP, done=0, failed=20, seconds=1.0, message=why)
    studio.bridge.emit_event(started)
    studio.bridge.emit_event(ended)

    def note() -> str:
        row = space.presenter.row("compose")
        return row.note if row is not None and row.is_warning else ""

    qtbot.waitUntil(lambda: note() == "Gave up: 20 items in a row failed alike (out_of_reach: no answer).")
    studio.bridge.emit_event(started)
    qtbot.waitUntil(lambda: note() == "")


def test_that_a_run_shows_all_that_is_kept_of_it(space: PipelineSpace) -> None:
    runs = space.presenter.overview
    assert runs is not None
    space.below.show_tab(1)
    details = space.below.details
    assert details.run == runs.runs[-1]
    row = next(i for i, run in enumerate(reversed(runs.runs)) if run.backend is not None)
    space.below.runs.selectRow(row)
    assert details.run is not None
    text = details.text()
    assert details.run.fingerprint in text
    assert f"seed: {details.run.seed}" in text
    assert details.run.backend is not None
    assert details.run.backend.name in text


def test_that_pictures_taken_and_refused_have_a_card(space: PipelineSpace) -> None:
    row = space.presenter.row("ingest")
    overview = space.presenter.overview
    assert row is not None
    assert overview is not None
    assert (row.done, row.failed) == (overview.images, 0)
    assert space.cards["ingest"].button.text() == "Add pictures"


def test_that_the_time_a_server_takes_to_start_is_counted() -> None:
    now = [100.0]
    board = ServerBoard(lambda: now[0])
    board.take([ServerChanged(stage="solve", server="weak", kind="vllm", state=ServerState.STARTING)])
    now[0] += 42
    assert board.note_of("solve") == "weak starting 42 s"
    assert board.is_counting
    board.take([ServerChanged(stage="solve", server="weak", kind="vllm", state=ServerState.ASLEEP)])
    assert board.note_of("solve") == "weak asleep, its card is free"
    assert not board.is_counting


def started_all(space: PipelineSpace, studio: Studio) -> HinderedDialog:
    """What is said when all stages are to be started by the key."""
    assert studio.actions.trigger("pipeline.start_all")
    return space.window().findChildren(HinderedDialog)[-1]


def compose_again(space: PipelineSpace, studio: Studio, qtbot: QtBot) -> None:
    """Other chains are owed, and so is everything after them."""
    project = studio.need_project()
    project.set_options(project.last_options().model_copy(update={"chains_per_image": 1}))

    def is_owed() -> bool:
        row = space.presenter.row("compose")
        return row is not None and row.owed > 0

    qtbot.waitUntil(is_owed)


def test_that_a_later_model_that_is_missing_is_said_before_anything_starts(
    space: PipelineSpace, studio: Studio, qtbot: QtBot
) -> None:
    compose_again(space, studio, qtbot)
    dialog = started_all(space, studio)
    assert not studio.runs.is_running
    said = " ".join(label.text() for label in dialog.findChildren(QuestionLabel))
    assert "There is no model called weak." in said
    assert dialog.start is not None
    assert dialog.start.text() == "Run up to Audit"
    dialog.start.click()
    assert studio.runs.is_running
    qtbot.waitUntil(lambda: not studio.runs.is_running, timeout=20000)
    qtbot.waitUntil(lambda: (row := space.presenter.row("audit")) is not None and not row.owed and row.done > 0)
    row = space.presenter.row("solve")
    assert row is not None
    assert row.missing
    assert not row.failed


def test_that_where_only_that_stage_is_owed_its_model_is_asked_for(
    space: PipelineSpace, studio: Studio, qtbot: QtBot
) -> None:
    dialog = started_all(space, studio)
    assert dialog.start is None
    assert dialog.mend is not None
    dialog.mend.click()
    assert not studio.runs.is_running
    assert space.settings.isVisible()
    assert texts(select_of(space)) == ["weak · not there", "Add a model…"]


def test_that_all_is_started_at_once_where_every_model_is_there(
    space: PipelineSpace, studio: Studio, qtbot: QtBot
) -> None:
    project = studio.need_project()
    options = project.last_options()
    project.set_options(options.model_copy(update={"solver": BackendChoice(name="simulated"), "rollouts": 3}))
    qtbot.waitUntil(lambda: not space.presenter.hindered and space.presenter.owed_count > 0)
    assert studio.actions.trigger("pipeline.start_all")
    assert studio.runs.is_running
    assert not space.window().findChildren(HinderedDialog)
    qtbot.waitUntil(lambda: not studio.runs.is_running, timeout=20000)
