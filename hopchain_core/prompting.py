"""The door through which the studio prompts SAM 3 on the picture it shows. torch stays in the process of the model."""

from __future__ import annotations

from hopchain_core.backends.sam3.prompts import (
    SCORE_FROM,
    PromptStep,
    Proposal,
    Proposals,
    Sam3Prompts,
    sam3_profiles,
)
from hopchain_core.profiles.profile import Sam3Profile

__all__ = ["SCORE_FROM", "PromptStep", "Proposal", "Proposals", "Sam3Profile", "Sam3Prompts", "sam3_profiles"]
