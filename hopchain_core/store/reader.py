"""The read side of a project: one consistent snapshot, in words of the domain."""

from __future__ import annotations

from hopchain_core.store.chain_facets import ChainFacetReads, ChainFacets
from hopchain_core.store.difficulty_sql import DifficultyQuery, DifficultySort, LengthUnit, Solver
from hopchain_core.store.queries import ChainFilter, ChainQuery, ChainSort, ImageQuery, ImageSort
from hopchain_core.store.reads_answers import (
    AnsweredChain,
    AnswerReads,
    AnswerRow,
    Dispute,
    DisputedAnswer,
    DisputeRow,
)
from hopchain_core.store.reads_chains import ChainReads
from hopchain_core.store.reads_dashboard import DashboardReads, HopFigures, PersonTime, PicturePlace, ProjectFigures
from hopchain_core.store.reads_difficulty import DifficultyCharts, DifficultyReads, DifficultyRow, SolverStanding
from hopchain_core.store.reads_overview import FailingItem, ImageFacets, OverviewReads
from hopchain_core.store.reads_pages import ChainRow, ImageRow, PageReads
from hopchain_core.store.reads_people import PeopleReads, RoundProgress
from hopchain_core.store.reads_probes import ProbeReads
from hopchain_core.store.reads_runs import Failure, Refusals, RunReads, StoredRefusal, WorkCounts
from hopchain_core.store.reads_sources import Counts, RefusedFile, SourceReads
from hopchain_core.store.values import StoredChain


class Reader(
    DashboardReads,
    DifficultyReads,
    SourceReads,
    ChainReads,
    RunReads,
    PageReads,
    ChainFacetReads,
    OverviewReads,
    PeopleReads,
    AnswerReads,
    ProbeReads,
):
    """All reads of one snapshot. Got from `ProjectFile.read`, used in one thread, and not kept beyond it.

    Iterators fetch their rows as they are asked for, so they end with the snapshot too.
    """


__all__ = [
    "SolverStanding",
    "Solver",
    "DifficultySort",
    "DifficultyRow",
    "DifficultyQuery",
    "DifficultyCharts",
    "ProjectFigures",
    "PicturePlace",
    "PersonTime",
    "LengthUnit",
    "HopFigures",
    "AnswerRow",
    "AnsweredChain",
    "ChainFacets",
    "ChainFilter",
    "ChainQuery",
    "ChainRow",
    "ChainSort",
    "Counts",
    "Dispute",
    "DisputeRow",
    "DisputedAnswer",
    "FailingItem",
    "Failure",
    "ImageFacets",
    "ImageQuery",
    "ImageRow",
    "ImageSort",
    "Reader",
    "RefusedFile",
    "Refusals",
    "RoundProgress",
    "StoredChain",
    "StoredRefusal",
    "WorkCounts",
]
