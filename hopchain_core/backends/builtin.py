"""The backends of the default installation: those that need nothing, and those that talk to a model by its profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hopchain_core.backends.protocols import Backend
from hopchain_core.backends.registry import NoOptions, register

if TYPE_CHECKING:
    from hopchain_core.backends.program.composer import ProgramComposerOptions
    from hopchain_core.backends.sam3.segmenter import Sam3Options
    from hopchain_core.backends.simulated import SimulatedOptions
    from hopchain_core.backends.vlm.categorizer import CategorizerOptions
    from hopchain_core.backends.vlm.composer import ComposerOptions
    from hopchain_core.backends.vlm.solver import SolverOptions


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


@register(
    "categorizer",
    "vlm",
    title="A vision-language model lists what is in the picture",
    options="hopchain_core.backends.vlm.categorizer:CategorizerOptions",
    concurrency=16,
)
def _vlm_categorizer(options: CategorizerOptions) -> Backend:
    from hopchain_core.backends.vlm.categorizer import VlmCategorizer
    from hopchain_core.backends.vlm.opening import open_model

    return VlmCategorizer(open_model(options.profile), options)


@register(
    "composer",
    "vlm",
    title="A vision-language model writes chains over chosen instances",
    options="hopchain_core.backends.vlm.composer:ComposerOptions",
    concurrency=16,
)
def _vlm_composer(options: ComposerOptions) -> Backend:
    from hopchain_core.backends.vlm.composer import VlmComposer
    from hopchain_core.backends.vlm.opening import open_model

    return VlmComposer(open_model(options.profile), options)


@register(
    "solver",
    "vlm",
    title="A vision-language model tries each question",
    options="hopchain_core.backends.vlm.solver:SolverOptions",
    # Chains, of which some have one attempt in flight; the endpoint's own limit counts attempts.
    concurrency=64,
)
def _vlm_solver(options: SolverOptions) -> Backend:
    from hopchain_core.backends.vlm.opening import open_model
    from hopchain_core.backends.vlm.solver import VlmSolver

    return VlmSolver(open_model(options.profile), options)


@register(
    "segmenter",
    "sam3",
    title="SAM 3 finds every instance of each category",
    options="hopchain_core.backends.sam3.segmenter:Sam3Options",
    # One batch of pictures with the model, one that waits.
    concurrency=8,
)
def _sam3_segmenter(options: Sam3Options) -> Backend:
    from hopchain_core.backends.sam3.segmenter import open_segmenter

    return open_segmenter(options)
