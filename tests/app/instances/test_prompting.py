"""Prompting a model by real keys and mouse: candidates come, are kept or rejected, and the project holds what was kept."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.canvas.tools import BoxTool, SelectTool
from app.presenters.instance_prompts import Phase, PromptMode
from app.views.instances.prompt_tools import PromptBoxTool, PromptPointsTool
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.domain.instances import Origin
from hopchain_core.errors import BackendError, PrerequisiteError
from hopchain_core.prompting import Proposal, Sam3Profile
from tests.app.instances.desk import CTRL, LEFT, NONE, RIGHT, SHIFT, Desk
from tests.app.instances.model import Model, disc

ALT = Qt.KeyboardModifier.AltModifier
PLACES = ((60, 60), (580, 60), (60, 420), (580, 420))
SCORES = (0.9, 0.8, 0.6, 0.3)


@pytest.fixture
def desk(desk: Desk, model: Model) -> Desk:
    """The model finds four discs in the corners."""
    assert not {"kettle", "lamp"} & set(desk.categories())
    model.found = [Proposal(disc(*place, 25), score) for place, score in zip(PLACES, SCORES, strict=True)]
    return desk


def answered(desk: Desk) -> None:
    desk.when(lambda: desk.studio.tasks.count == 0)
    desk.settle()


def write(desk: Desk, word: str) -> None:
    """Types into the field. Offscreen, a list that opens takes the keyboard from the window for good: nothing is offered."""
    assert QApplication.focusWidget() is desk.space.bar.field
    desk.space.bar.field.set_categories(())
    desk.type(word)


def ask(desk: Desk, word: str = "kettle") -> None:
    desk.press(Qt.Key.Key_T)
    write(desk, word)
    desk.press(Qt.Key.Key_Return)


def find(desk: Desk, word: str = "kettle") -> None:
    ask(desk, word)
    answered(desk)


def shown(desk: Desk) -> list[float]:
    """Scores of candidates on the canvas."""
    instances = desk.canvas.content.instances.values()
    return [i.score or 0.0 for i in instances if i.is_candidate and not i.is_hidden]


def kept(desk: Desk, category: str = "kettle") -> list[float]:
    return sorted((i.score or 0.0 for i in desk.held() if i.category == category), reverse=True)


def said(desk: Desk) -> tuple[str, str]:
    return desk.space.bar.text.text(), desk.space.bar.detail.text()


def test_that_a_word_shows_candidates_with_their_scores(desk: Desk, model: Model) -> None:
    before = desk.held_keys()
    find(desk, "Red  kettle")
    (question,) = model.asked
    assert question.word == "Red kettle"
    assert question.key == str(desk.image.key)
    assert question.path.is_file()
    # Those from the usual score on.
    assert shown(desk) == [0.9, 0.8, 0.6]
    assert said(desk) == ("3 candidates", "0.25 s · SAM 3")
    assert desk.held_keys() == before
    assert desk.canvas.hasFocus()


def test_that_enter_keeps_all_that_are_shown_in_one_step(desk: Desk) -> None:
    before = desk.held_keys()
    find(desk)
    desk.press(Qt.Key.Key_Return)
    assert kept(desk) == [0.9, 0.8, 0.6]
    assert {i.origin for i in desk.held() if i.category == "kettle"} == {Origin.MODEL}
    assert shown(desk) == []
    assert len(desk.presenter.selected) == 3
    assert said(desk) == ("3 kept as kettle", "Ctrl Z takes them back")
    # The next word is typed at once.
    assert QApplication.focusWidget() is desk.space.bar.field
    desk.undo()
    assert desk.held_keys() == before
    desk.redo()
    assert kept(desk) == [0.9, 0.8, 0.6]
    # What is typed anew is taken back letter by letter, as in any field.
    desk.type("pan")
    desk.undo()
    assert kept(desk) == [0.9, 0.8, 0.6]
    assert desk.space.bar.field.text() != "pan"


def test_that_control_enter_keeps_all_while_one_types(desk: Desk) -> None:
    find(desk)
    desk.press(Qt.Key.Key_T)
    assert QApplication.focusWidget() is desk.space.bar.field
    desk.press(Qt.Key.Key_Return, CTRL)
    assert kept(desk) == [0.9, 0.8, 0.6]


def test_that_the_button_keeps_and_says_how_many(desk: Desk) -> None:
    find(desk)
    assert desk.space.bar.keep.text() == "Keep 3"
    QTest.mouseClick(desk.space.bar.keep, LEFT)
    desk.settle()
    assert kept(desk) == [0.9, 0.8, 0.6]
    assert not desk.space.bar.keep.isEnabled()


def test_that_keys_go_from_candidate_to_candidate_and_reject_or_keep_each(desk: Desk) -> None:
    find(desk)
    desk.press(Qt.Key.Key_Tab)
    assert said(desk)[0] == "1 of 3 candidates"
    desk.press(Qt.Key.Key_Right)
    assert said(desk)[0] == "2 of 3 candidates"
    # The second one goes, and the third is looked at.
    desk.press(Qt.Key.Key_X)
    assert shown(desk) == [0.9, 0.6]
    assert said(desk)[0] == "2 of 2 candidates"
    desk.press(Qt.Key.Key_A)
    assert kept(desk) == [0.6]
    assert shown(desk) == [0.9]
    desk.press(Qt.Key.Key_Backtab, SHIFT)
    desk.press(Qt.Key.Key_Delete)
    assert shown(desk) == []
    assert kept(desk) == [0.6]


def test_that_the_mouse_looks_at_a_candidate_and_a_pill_rejects_or_keeps_it(desk: Desk) -> None:
    find(desk)
    pill = desk.space.desk.pill
    assert not pill.isVisible()
    QTest.mouseClick(desk.canvas, LEFT, NONE, desk.at(*PLACES[1]))
    desk.settle()
    assert desk.space.prompts.candidates.current is not None
    assert desk.space.prompts.candidates.current.score == 0.8
    assert pill.isVisible()
    assert desk.space.stage.rect().contains(pill.geometry())
    QTest.mouseClick(pill.reject, LEFT)
    desk.settle()
    assert shown(desk) == [0.9, 0.6]
    QTest.mouseClick(desk.canvas, LEFT, NONE, desk.at(*PLACES[0]))
    desk.settle()
    QTest.mouseClick(pill.keep, LEFT)
    desk.settle()
    assert kept(desk) == [0.9]
    assert shown(desk) == [0.6]


def test_that_what_was_rejected_comes_back(desk: Desk) -> None:
    find(desk)
    desk.press(Qt.Key.Key_Tab)
    desk.press(Qt.Key.Key_X)
    assert "1 rejected" in said(desk)[1]
    QTest.mouseClick(desk.space.bar.back, LEFT)
    desk.settle()
    assert shown(desk) == [0.9, 0.8, 0.6]
    assert not desk.space.bar.back.isVisible()


def test_that_the_slider_draws_the_line_at_once_and_is_remembered(desk: Desk, model: Model) -> None:
    find(desk)
    slider = desk.space.bar.score
    slider.setFocus()
    slider.setValue(30)
    desk.settle()
    assert shown(desk) == [0.9, 0.8, 0.6, 0.3]
    slider.setValue(85)
    desk.settle()
    assert shown(desk) == [0.9]
    slider.setValue(95)
    desk.settle()
    assert said(desk) == ("None from 0.95 on", "4 below: lower the score")
    assert len(model.asked) == 1
    assert desk.studio.settings.get("instances.prompt_score") == 0.95


def test_that_what_is_there_already_is_marked_and_left_out(desk: Desk, model: Model) -> None:
    row = next(row for row in desk.rows if row.instance.mask is not None)
    assert row.instance.mask is not None
    model.found.insert(0, Proposal(row.instance.mask, 0.95))
    before = len(desk.held())
    find(desk)
    names = {i.name for i in desk.canvas.content.instances.values() if i.is_candidate}
    assert f"is {row.name}" in names
    assert said(desk) == ("3 candidates", "1 there already · 0.25 s · SAM 3")
    desk.press(Qt.Key.Key_Return)
    assert len(desk.held()) == before + 3


def test_that_boxes_show_what_is_meant_and_what_is_not(desk: Desk, model: Model) -> None:
    desk.press(Qt.Key.Key_R, SHIFT)
    assert isinstance(desk.canvas.tool, PromptBoxTool)
    desk.drag((40.5, 40.5), (60, 60), (80.5, 80.5))
    answered(desk)
    places = [desk.at(300.5, 40.5), desk.at(320, 60), desk.at(340.5, 80.5)]
    QTest.mousePress(desk.canvas, LEFT, ALT, places[0])
    QTest.mouseMove(desk.canvas, places[1])
    QTest.mouseRelease(desk.canvas, LEFT, ALT, places[2])
    answered(desk)
    assert model.asked[0].boxes == ((Box(40, 40, 81, 81), True),)
    assert [yes for _, yes in model.asked[1].boxes] == [True, False]
    # Nothing is kept before it has a name.
    desk.press(Qt.Key.Key_Return)
    assert shown(desk) == [0.9, 0.8, 0.6]
    assert said(desk)[0] == "Say what it is"
    assert QApplication.focusWidget() is desk.space.bar.field
    write(desk, "lamp")
    desk.press(Qt.Key.Key_Return)
    assert kept(desk, "lamp") == [0.9, 0.8, 0.6]
    assert isinstance(desk.canvas.tool, PromptBoxTool)
    assert desk.space.prompts.asked.boxes == ()


def test_that_a_box_after_a_word_refines_it(desk: Desk, model: Model) -> None:
    find(desk)
    desk.press(Qt.Key.Key_R, SHIFT)
    assert shown(desk) == [0.9, 0.8, 0.6]
    QTest.mouseClick(desk.space.bar.signs, LEFT, NONE, QPoint(desk.space.bar.signs.width() - 8, 8))
    desk.drag((560.5, 40.5), (600.5, 80.5))
    answered(desk)
    assert (model.asked[-1].word, [yes for _, yes in model.asked[-1].boxes]) == ("kettle", [False])


def test_that_points_lie_on_what_is_meant_or_beside_it(desk: Desk, model: Model) -> None:
    model.found = [Proposal(disc(200, 200, 40), 0.35)]
    desk.press(Qt.Key.Key_I)
    assert isinstance(desk.canvas.tool, PromptPointsTool)
    QTest.mouseClick(desk.canvas, LEFT, NONE, desk.at(200.5, 200.5))
    answered(desk)
    # One thing is meant: it is shown whatever its score.
    assert shown(desk) == [0.35]
    QTest.mouseClick(desk.canvas, LEFT, ALT, desk.at(300.5, 200.5))
    answered(desk)
    QTest.mouseClick(desk.canvas, RIGHT, NONE, desk.at(200.5, 300.5))
    answered(desk)
    points = model.asked[-1].points
    assert [yes for _, yes in points] == [True, False, False]
    assert points[0][0].distance(Point(200.5, 200.5)) < 1
    assert points[2][0].distance(Point(200.5, 300.5)) < 1
    desk.press(Qt.Key.Key_Backspace)
    answered(desk)
    assert len(model.asked[-1].points) == 2
    desk.press(Qt.Key.Key_T)
    assert shown(desk) == []


def test_that_a_point_becomes_an_instance_and_the_next_begins_another(desk: Desk, model: Model) -> None:
    model.found = [Proposal(disc(200, 200, 40), 0.7)]
    desk.press(Qt.Key.Key_I)
    desk.space.bar.field.setText("lamp")
    QTest.mouseClick(desk.canvas, LEFT, NONE, desk.at(200.5, 200.5))
    answered(desk)
    desk.press(Qt.Key.Key_Return)
    (made,) = [i for i in desk.held() if i.category == "lamp"]
    assert made.mask == disc(200, 200, 40)
    model.found = [Proposal(disc(400, 200, 30), 0.7)]
    desk.qtbot.wait(1)
    QTest.mouseClick(desk.canvas, LEFT, NONE, desk.at(400.5, 200.5))
    answered(desk)
    assert len(model.asked[-1].points) == 1
    desk.press(Qt.Key.Key_Return)
    assert len(kept(desk, "lamp")) == 2


def test_that_places_beside_alone_ask_for_nothing(desk: Desk, model: Model) -> None:
    desk.press(Qt.Key.Key_I)
    QTest.mouseClick(desk.canvas, RIGHT, NONE, desk.at(200.5, 200.5))
    desk.settle()
    assert model.asked == []
    assert "Click first" in said(desk)[0]


def test_that_escape_cancels_then_discards_then_leaves(desk: Desk, model: Model) -> None:
    model.is_closed = True
    ask(desk)
    desk.when(lambda: desk.space.prompts.state.phase is Phase.LOADING)
    assert said(desk)[0].startswith("Loading SAM 3")
    assert desk.space.bar.discard.text() == "Cancel"
    desk.press(Qt.Key.Key_Escape)
    answered(desk)
    assert desk.space.prompts.state.phase is Phase.READY
    model.is_closed = False
    find(desk)
    desk.press(Qt.Key.Key_Tab)
    desk.press(Qt.Key.Key_Escape)
    # First only the look at one of them.
    assert shown(desk) == [0.9, 0.8, 0.6]
    desk.press(Qt.Key.Key_Escape)
    assert shown(desk) == []
    assert desk.space.prompts.is_open
    desk.press(Qt.Key.Key_Escape)
    assert not desk.space.prompts.is_open
    assert isinstance(desk.canvas.tool, SelectTool)


def test_that_no_match_and_a_failure_are_told_apart(desk: Desk, model: Model) -> None:
    found, model.found = model.found, []
    find(desk)
    assert said(desk) == ("No match", "nothing like “kettle” here")
    assert QApplication.focusWidget() is desk.space.bar.field
    model.error = PrerequisiteError("SAM 3 cannot be loaded.", hint="Name its folder.")
    desk.space.bar.field.selectAll()
    write(desk, "lamp")
    desk.press(Qt.Key.Key_Return)
    answered(desk)
    assert said(desk) == ("SAM 3 cannot be loaded.", "Name its folder.")
    assert desk.space.bar.retry.isVisible()
    model.error, model.found = None, found
    QTest.mouseClick(desk.space.bar.retry, LEFT)
    answered(desk)
    assert model.asked[-1].word == "lamp"
    assert shown(desk) == [0.9, 0.8, 0.6]


def test_that_a_bug_of_the_model_says_its_last_line_only(desk: Desk, model: Model) -> None:
    model.error = BackendError("IndexError: nothing there\nTraceback (most recent call last):\n  …")
    find(desk)
    assert said(desk) == ("IndexError: nothing there", "Try again.")


def test_that_a_model_that_waits_for_its_card_says_so(desk: Desk, model: Model) -> None:
    model.is_closed = True
    ask(desk)
    desk.when(lambda: bool(model.asked))
    model.wait_for("waiting for card 0: a run")
    assert said(desk) == ("Waiting for the card", "waiting for card 0: a run")
    desk.press(Qt.Key.Key_Escape)
    answered(desk)


def test_that_another_picture_drops_what_was_found_and_asked(desk: Desk, model: Model) -> None:
    find(desk)
    desk.press(Qt.Key.Key_J)
    assert shown(desk) == []
    assert desk.space.prompts.is_open
    model.is_closed = True
    desk.press(Qt.Key.Key_T)
    desk.press(Qt.Key.Key_Return)
    desk.when(lambda: len(model.asked) == 2)
    desk.canvas.setFocus()
    desk.press(Qt.Key.Key_J)
    model.is_closed = False
    answered(desk)
    assert shown(desk) == []
    assert desk.space.prompts.state.phase is Phase.READY


def test_that_a_drawing_tool_ends_prompting(desk: Desk) -> None:
    find(desk)
    desk.press(Qt.Key.Key_R)
    assert type(desk.canvas.tool) is BoxTool
    assert not desk.space.prompts.is_open
    assert shown(desk) == []


def test_that_selecting_an_instance_lets_keys_mean_it_again(desk: Desk) -> None:
    find(desk)
    row = desk.rows[0]
    desk.click_row_of(row.key)
    desk.canvas.setFocus()
    desk.press(Qt.Key.Key_Delete)
    assert row.key not in desk.held_keys()
    assert shown(desk) == [0.9, 0.8, 0.6]


def test_that_the_model_is_let_go_when_a_stage_runs_or_the_project_closes(desk: Desk, model: Model) -> None:
    find(desk)
    assert (model.made_for, model.released) == (["SAM 3"], 0)
    desk.studio.runs.start(["categorize"])
    desk.when(lambda: model.released == 1)
    desk.when(lambda: not desk.studio.runs.is_running)
    desk.settle()
    # What was found stays, and another word loads the model again.
    assert shown(desk) == [0.9, 0.8, 0.6]
    find(desk, "lamp")
    assert model.made_for == ["SAM 3", "SAM 3"]
    desk.studio.close_project()
    desk.when(lambda: model.released == 2)


def test_that_another_profile_is_chosen_and_remembered(desk: Desk, model: Model) -> None:
    model.profiles.append(Sam3Profile(name="SAM 3 on the processor", device="cpu"))
    find(desk)
    assert desk.space.bar.profiles.isVisible()
    desk.space.bar.profile_chosen.emit("SAM 3 on the processor")
    assert model.released == 1 or desk.studio.tasks.count
    desk.press(Qt.Key.Key_Escape)
    find(desk)
    assert model.made_for == ["SAM 3", "SAM 3 on the processor"]
    assert desk.studio.settings.get("instances.sam3") == "SAM 3 on the processor"


def test_that_without_a_profile_one_is_led_to_the_models(desk: Desk, model: Model) -> None:
    profiles, model.profiles = model.profiles, []
    desk.press(Qt.Key.Key_T)
    bar = desk.space.bar
    assert bar.none.isVisible()
    assert bar.models.isEnabled()
    assert bar.models.action_id == "app.models"
    model.profiles = profiles
    # Coming back from the dialog, it is looked up again.
    QApplication.instance().focusWindowChanged.emit(desk.window.windowHandle())  # type: ignore[union-attr]
    desk.settle()
    assert bar.page.isVisible()


def test_that_the_picture_stays_where_it_is_whatever_the_bar_shows(desk: Desk) -> None:
    def place() -> tuple[float, float, float, int]:
        view = desk.canvas.view
        return view.x, view.y, view.scale, desk.canvas.height()

    before = place()
    for key in (Qt.Key.Key_R, Qt.Key.Key_B, Qt.Key.Key_V, Qt.Key.Key_I, Qt.Key.Key_P):
        desk.press(key)
        assert place() == before
    find(desk)
    assert place() == before


def test_that_the_field_offers_what_is_in_the_picture_first(desk: Desk) -> None:
    desk.press(Qt.Key.Key_T)
    completer = desk.space.bar.field.completer()
    assert completer is not None
    model = completer.model()
    names = [model.index(row, 0).data() for row in range(model.rowCount())]
    here = {row.category for row in desk.rows}
    assert set(names[: len(here)]) == here
    assert set(names) == {*here, *desk.presenter.categories}


def test_that_tools_of_the_column_lead_to_the_bar(desk: Desk) -> None:
    from app.views.instances.tool_column import ToolButton

    buttons = {button.action_id: button for button in desk.space.tools.findChildren(ToolButton)}
    QTest.mouseClick(buttons["instances.prompt_points"], LEFT)
    assert desk.space.prompts.mode is PromptMode.POINTS
    QTest.mouseClick(buttons["instances.prompt_word"], LEFT)
    assert desk.space.prompts.mode is PromptMode.WORD
    assert QApplication.focusWidget() is desk.space.bar.field


def test_that_candidates_look_unlike_instances(desk: Desk) -> None:
    before = desk.canvas.grab().toImage()
    find(desk)
    image = desk.canvas.grab().toImage()
    assert image != before
    for place in PLACES[:3]:
        x, y = place
        ring = [image.pixelColor(desk.at(x + 25 * np.cos(a), y + 25 * np.sin(a))) for a in np.linspace(0, 6, 90)]
        # Dashes are white on black.
        assert max(min(c.red(), c.green(), c.blue()) for c in ring) > 200
        assert min(max(c.red(), c.green(), c.blue()) for c in ring) < 60


def test_that_a_read_only_project_is_not_prompted(desk: Desk, sample_project: Path) -> None:
    from hopchain_core.project import Project

    desk.studio.close_project()
    desk.studio.take_project(Project.open(sample_project, read_only=True))
    desk.studio.go("instances")
    desk.qtbot.waitUntil(lambda: desk.studio.bridge.is_idle)
    assert not desk.studio.actions.is_enabled("instances.prompt_word")
