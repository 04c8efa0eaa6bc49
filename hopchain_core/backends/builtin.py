"""The backends of the default installation. They need no model, no network and no graphics card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hopchain_core.backends.protocols import Backend
from hopchain_core.backends.registry import NoOptions, register

if TYPE_CHECKING:
    from hopchain_core.backends.program.composer import ProgramComposerOptions
    from hopchain_core.backends.simulated import SimulatedOptions


@register(
    "categorizer",
    "annotations",
    title="Categories of the annotations that came with the pictures",
    reads_annotations=True,
)
def _annotation_categorizer(options: NoOptions) -> Backend:
    from hopchain_core.backends.annotations import AnnotationCategorizer

    return AnnotationCategorizer()


@register(
    "segmenter",
    "annotations",
    title="Masks and boxes of the annotations that came with the pictures",
    reads_annotations=True,
)
def _annotation_segmenter(options: NoOptions) -> Backend:
    from hopchain_core.backends.annotations import AnnotationSegmenter

    return AnnotationSegmenter()


@register(
    "composer",
    "program",
    title="Sampled programs over the instances, without a model",
    options="hopchain_core.backends.program.composer:ProgramComposerOptions",
    is_cpu_bound=True,
)
def _program_composer(options: ProgramComposerOptions) -> Backend:
    from hopchain_core.backends.program.composer import ProgramComposer

    return ProgramComposer(options)


@register(
    "solver",
    "simulated",
    title="Simulated solver: follows the program with a chance of error at each step",
    options="hopchain_core.backends.simulated:SimulatedOptions",
    is_cpu_bound=True,
)
def _simulated_solver(options: SimulatedOptions) -> Backend:
    from hopchain_core.backends.simulated import SimulatedSolver

    return SimulatedSolver(options)
