"""Through the blind door a packet and its project cannot be told apart."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from hopchain_core.blind import BlindSource, Draft
from hopchain_core.domain.review import AmbiguityReason, Outcome
from hopchain_core.errors import InputError
from hopchain_core.packets import open_packet
from tests.core.packets.asked import asked

steps = st.lists(
    st.tuples(
        st.sampled_from(["number", "ambiguous", "cannot tell", "skip", "undo", "reopen", "draft", "nonsense"]),
        st.integers(0, 9),
    ),
    min_size=4,
    max_size=10,
)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(done=steps)
@example(done=[("number", 0), ("number", 0), ("number", 0), ("skip", 0), ("skip", 0), ("undo", 0)])
def test_that_the_same_steps_show_the_same(
    tmp_path_factory: pytest.TempPathFactory, done: list[tuple[str, int]]
) -> None:
    folder: Path = tmp_path_factory.mktemp("alike")
    with asked(folder / "project", 4, ("ann",)) as project:
        project.open_round()
        path = project.make_packet("ann", folder).path
        ours = project.blind("ann")
        with open_packet(path) as packet:
            assert _seen(packet) == _seen(ours)
            for step, number in done:
                assert _do(packet, step, number) == _do(ours, step, number)
                assert _seen(packet) == _seen(ours), (step, number)


def _do(source: BlindSource, step: str, number: int) -> object:
    left = sorted(source.ahead(9), key=lambda one: one.question)
    item = left[number % len(left)] if left else None
    match step:
        case "undo":
            back = source.undo()
            return back and back.question
        case "reopen":
            recent = source.recent()
            if not recent:
                return None
            given_before = source.reopen(recent[number % len(recent)].item)
            return source.answer(given_before.item, Outcome.ANSWERED, str(number)).text
    if item is None:
        return None
    match step:
        case "number":
            return source.answer(item.id, Outcome.ANSWERED, f"{number}.50", note="n", active_seconds=number).text
        case "ambiguous":
            return source.answer(item.id, Outcome.AMBIGUOUS, "7", reason=AmbiguityReason.TEXT).reason
        case "cannot tell":
            return source.answer(item.id, Outcome.CANNOT_TELL).outcome
        case "skip":
            source.skip(item.id)
        case "draft":
            source.save_draft(item.id, Draft(text=str(number), note="d", active_seconds=1.5))
        case "nonsense":
            with pytest.raises(InputError) as caught:
                source.answer(item.id, Outcome.ANSWERED, "no number")
            return str(caught.value)
    return None


def _seen(source: BlindSource) -> dict[str, object]:
    """All that a person can see, with questions in place of ids."""
    progress, ahead = source.progress(), source.ahead(9)
    asked_still, put_off = ahead[: len(ahead) - progress.skipped], ahead[len(ahead) - progress.skipped :]
    return {
        "title": source.title,
        "asked": [one.question for one in asked_still],
        "put off": sorted(one.question for one in put_off),
        "sizes": {(one.width_px, one.height_px) for one in ahead},
        "progress": (progress.answered, progress.total, progress.skipped, progress.in_sitting),
        "drafts": {one.question: source.draft(one.id) for one in ahead},
        "recent": [
            (source.item(g.item).question, g.outcome, g.text, g.reason, g.note, g.active_seconds)
            for g in source.recent()
        ],
        "hold": source.hold(),
    }
