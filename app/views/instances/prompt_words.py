"""What the bar of prompts says: two short lines for every way it can stand."""

from __future__ import annotations

from app.models.status_words import counted
from app.presenters.instance_candidates import Candidates
from app.presenters.instance_prompts import Asked, Phase, PromptMode, PromptState

_READY = {
    PromptMode.WORD: ("Name it in a word or two", "Enter finds all of them, such as red cup"),
    PromptMode.BOX: ("Draw a box round one of them", "Alt: round what is not meant"),
    PromptMode.POINTS: ("Click on one thing", "Right button or Alt: beside it"),
}


def words_of(
    state: PromptState, mode: PromptMode, asked: Asked, candidates: Candidates, model: str, now: float
) -> tuple[str, str]:
    """A strong line and a quiet one.

    Args:
        state: How it stands.
        mode: By what one prompts.
        asked: What the model was asked.
        candidates: What it found.
        model: Its name.
        now: As `time.monotonic` counts.
    """
    waited = int(now - state.since)
    so_long = f" {waited:,} s" if waited else ""
    match state.phase:
        case Phase.READY:
            return _READY[mode]
        case Phase.WAITING:
            return f"Waiting for the card{so_long}", state.text
        case Phase.LOADING:
            return f"Loading {model}…{so_long}", "reads its weights; then it stays for a while"
        case Phase.LOOKING:
            return f"Looking at the picture…{so_long}", "once; the next answers come at once"
        case Phase.FINDING:
            return f"Finding…{so_long}", model
        case Phase.FAILED:
            return state.text, state.hint
        case Phase.FOUND:
            return _found(state, asked, candidates, model)


def _found(state: PromptState, asked: Asked, candidates: Candidates, model: str) -> tuple[str, str]:
    if not candidates.found:
        return "No match", f"nothing like “{asked.word}” here" if asked.word else "try a box or a point elsewhere"
    new, twins = len(candidates.new), sum(bool(one.twin) for one in candidates.shown)
    parts = [f"{state.seconds:.2f} s · {model}"] if state.seconds else [model]
    if twins:
        parts.insert(0, f"{twins:,} there already")
    if candidates.rejected:
        parts.insert(0, f"{len(candidates.rejected):,} rejected")
    if candidates.current is not None and candidates.focus is not None and len(candidates.shown) > 1:
        place = candidates.shown.index(candidates.current) + 1
        return f"{place:,} of {counted(len(candidates.shown), 'candidate')}", " · ".join(parts)
    if new:
        return counted(new, "candidate"), " · ".join(parts)
    if twins:
        return "Nothing new", " · ".join(parts)
    if candidates.below:
        return f"None from {candidates.score_from:.2f} on", f"{candidates.below:,} below: lower the score"
    return "None left", " · ".join(parts)
