"""Builds the studio: the only place that makes objects and hands them on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from app.actions import ActionTable
from app.bridge import Bridge
from app.frame_actions import edit_actions, frame_actions, go_actions, project_actions
from app.main_window import MainWindow
from app.presenters.library import LibraryPresenter
from app.settings import Settings
from app.studio import PACKET, START, Studio
from app.style.theme import Theme, ThemeMode
from app.thumbnails import Thumbnails
from app.views.frame.over import OverWindow
from app.views.frame.spaces import SpaceSpec
from app.views.probes.actions import probe_actions
from app.views.shell import Shell
from app.views.shell_memory import WindowMemory
from app.widgets.shortcuts import normalised
from hopchain_core.project import ImageQuery, Reader

if TYPE_CHECKING:
    from app.presenters.instance_prompting import Prompting


@dataclass(frozen=True, slots=True)
class Composed:
    """The studio and its window."""

    studio: Studio
    window: MainWindow
    shell: Shell
    over: OverWindow


def spaces(thumbnails: Thumbnails, prompting: Prompting | None = None) -> list[SpaceSpec]:
    """The spaces on the rail, in the order of the flow. Each registers here and nowhere else.

    Views and presenters are imported inside `build`, when the space is first shown, so that the window opens quickly.
    """
    shown: list[LibraryPresenter] = []
    """The library of the project that is open."""

    def library(studio: Studio) -> QWidget:
        from app.views.library.space import LibrarySpace

        space = LibrarySpace(studio, thumbnails)
        shown.append(space.presenter)
        del shown[:-1]
        return space

    def pipeline(studio: Studio) -> QWidget:
        from app.views.pipeline.space import PipelineSpace

        return PipelineSpace(studio, thumbnails)

    def instances(studio: Studio) -> QWidget:
        from app.views.instances.space import InstancesSpace

        return InstancesSpace(studio, lambda: shown[-1].choice.query() if shown else ImageQuery(), prompting)

    def chains(studio: Studio) -> QWidget:
        from app.views.chains.space import ChainsSpace

        return ChainsSpace(studio, thumbnails)

    def solve(studio: Studio) -> QWidget:
        from app.views.solve.space import SolveSpace

        return SolveSpace(studio)

    def difficulty(studio: Studio) -> QWidget:
        from app.views.difficulty.space import DifficultySpace

        return DifficultySpace(studio, thumbnails)

    def adjudicate(studio: Studio) -> QWidget:
        from app.views.adjudicate.space import AdjudicateSpace

        return AdjudicateSpace(studio, thumbnails)

    def waiting_disputes(read: Reader) -> int:
        return len(read.disputes(is_settled=False))

    def export(studio: Studio) -> QWidget:
        from app.views.export.space import ExportSpace

        return ExportSpace(studio, thumbnails)

    def overview(studio: Studio) -> QWidget:
        from app.views.dashboard.space import DashboardSpace

        return DashboardSpace(studio)

    def chains_to_review(read: Reader) -> int:
        from app.presenters.chain_search import to_review

        return to_review(read)

    return [
        SpaceSpec(id="library", title="Library", icon="library", build=library, package="app.views.library"),
        SpaceSpec(id="pipeline", title="Pipeline", icon="pipeline", build=pipeline, package="app.views.pipeline"),
        SpaceSpec(id="instances", title="Instances", icon="instances", build=instances, package="app.views.instances"),
        SpaceSpec(
            id="chains",
            title="Chains",
            icon="chains",
            build=chains,
            package="app.views.chains",
            badge=chains_to_review,
            badge_tables=frozenset({"chain", "work", "finding", "mark", "verdict", "difficulty"}),
        ),
        SpaceSpec(id="solve", title="Solve", icon="solve", build=solve, package="app.views.solve"),
        SpaceSpec(
            id="adjudicate",
            title="Adjudicate",
            icon="adjudicate",
            build=adjudicate,
            package="app.views.adjudicate",
            badge=waiting_disputes,
            badge_tables=frozenset({"annotation", "adjudication", "chain", "mark", "verdict", "round"}),
        ),
        SpaceSpec(
            id="difficulty", title="Difficulty", icon="difficulty", build=difficulty, package="app.views.difficulty"
        ),
        SpaceSpec(id="export", title="Export", icon="export", build=export, package="app.views.export"),
        SpaceSpec(id="overview", title="Overview", icon="overview", build=overview, package="app.views.dashboard"),
    ]


def compose(
    app: QApplication, settings: Settings, thumbnails_at: Path | None = None, prompting: Prompting | None = None
) -> Composed:
    """Builds everything; the window is not shown yet.

    Args:
        app: The application.
        settings: What is remembered of the person.
        thumbnails_at: Folder where small pictures are kept between sessions; in memory only when None.
        prompting: Where models that are prompted in the studio come from; the person's profiles when None.
    """
    theme = Theme(app, _theme_mode(settings))
    theme.set_reduced_motion(bool(settings.get("reduced_motion", theme.has_reduced_motion)))
    actions = ActionTable(normalised)
    studio = Studio(bridge=Bridge(), actions=actions, theme=theme, settings=settings)
    actions.load_own_keys(settings.own_keys())
    thumbnails = Thumbnails(thumbnails_at, studio)
    studio.project_changed.connect(
        lambda: thumbnails.set_reader(studio.project.read_picture if studio.project is not None else None)
    )
    registered = spaces(thumbnails, prompting)
    titles = [(s.id, s.title) for s in registered]
    start = SpaceSpec(id=START, title="Start", icon="folder", build=lambda _: shell.start, is_on_rail=False)
    packet = SpaceSpec(id=PACKET, title="Packet", icon="solve", build=_packet, is_on_rail=False)
    actions.add(*edit_actions(studio), *go_actions(studio, [(s.id, s.title, s.icon) for s in registered]))
    window = MainWindow(studio, registered, start, packet)
    shell = Shell(studio, window, window.top_bar, window.shortcuts, titles, window.tour_target)
    over = OverWindow(studio, window, window.top_bar, window.shortcuts, dict(titles), window.build_rest)
    actions.add(*project_actions(studio, shell), *frame_actions(studio, over), *probe_actions(studio, window))
    window.set_close_guard(shell.guard_close)
    window.set_beginning(WindowMemory(studio, window.space, window).begins_in)
    window.rail.settings_asked.connect(over.show_settings)
    studio.go(START)
    window.closing.connect(thumbnails.close)
    window.restore(settings.get("window", {}))
    return Composed(studio, window, shell, over)


def _packet(studio: Studio) -> QWidget:
    from app.views.solve.packet_space import PacketSpace

    return PacketSpace(studio)


def _theme_mode(settings: Settings) -> ThemeMode:
    try:
        return ThemeMode(settings.get("theme", ThemeMode.SYSTEM))
    except ValueError:
        return ThemeMode.SYSTEM
