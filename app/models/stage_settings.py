"""What can be set of a stage: its backend, the backend's options, and the few options of the stage itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import ValidationError

from app.models.schema_fields import FieldKind, FormField, form_fields
from hopchain_core.domain.calibration import rule
from hopchain_core.domain.policy import DropRule, Policy
from hopchain_core.domain.statistics import IntervalMethod
from hopchain_core.errors import InputError, PrerequisiteError
from hopchain_core.models import FITS, Profile
from hopchain_core.project import ROLES, BackendChoice, Registration, RunOptions, registrations

STAGE_OPTIONS: dict[str, tuple[str, ...]] = {"compose": ("chains_per_image",), "solve": ("rollouts", "until_decided")}
"""Fields of `RunOptions` that belong to a stage."""
_TITLES = {
    "chains_per_image": "Chains of each picture",
    "rollouts": "Attempts at each chain",
    "until_decided": "Stop once decided",
}
_HINTS = {
    "chains_per_image": "How many are kept at most.",
    "rollouts": "More of them measure the pass rate more finely; those there are count on.",
    "until_decided": "Tries a chain only until it is sure whether it is kept: fewer attempts, and no pass rate.",
}
DECIDE = "decide"
PROFILE = ("profile",)
"""Path of the field that names a model in a backend's options."""


def backends_of(stage: str) -> tuple[Registration, ...]:
    """Backends that a stage can use; none for a stage that needs no model."""
    role = ROLES.get(stage)
    return registrations(role) if role is not None else ()


def backend_fields(registration: Registration) -> tuple[tuple[FormField, ...], str]:
    """Fields of a backend's options, and why they cannot be shown when they cannot."""
    try:
        return form_fields(registration.options_schema()), ""
    except PrerequisiteError as error:
        return (), error.line


def profile_of(options: RunOptions, stage: str) -> str:
    """The name of the profile whose model a stage asks; empty where it asks none."""
    role = ROLES.get(stage)
    if role is None:
        return ""
    chosen = options.choice(role)
    registration = next((found for found in backends_of(stage) if found.name == chosen.name), None)
    if registration is None:
        return ""
    field = next((field for field in backend_fields(registration)[0] if field.path == PROFILE), None)
    return str(chosen.options.get("profile", field.default)) if field is not None else ""


def with_profiles(fields: Sequence[FormField], stage: str, profiles: Sequence[Profile]) -> tuple[FormField, ...]:
    """The fields, with that of a profile as a choice among those that fit the stage."""
    fitting = FITS.get(ROLES.get(stage) or "", ())
    choices = tuple(profile.name for profile in profiles if profile.kind in fitting)
    labels = tuple(f"{profile.name} · {profile.model}" for profile in profiles if profile.kind in fitting)
    return tuple(
        replace(field, kind=FieldKind.PROFILE, title="Model", choices=choices, labels=labels)
        if field.path == PROFILE
        else field
        for field in fields
    )


def kind_for(stage: str) -> str:
    """The kind of profile to begin with when a model for a stage is added."""
    return FITS.get(ROLES.get(stage) or "", ("endpoint",))[0]


def stage_fields(stage: str) -> tuple[FormField, ...]:
    """Fields of the stage itself."""
    if stage == DECIDE:
        return form_fields(_POLICY_SCHEMA)
    names = STAGE_OPTIONS.get(stage, ())
    schema = RunOptions.model_json_schema()
    wanted = {
        name: {**schema["properties"][name], "title": _TITLES[name], "description": _HINTS[name]} for name in names
    }
    return form_fields({"properties": wanted})


def with_settings(
    options: RunOptions, stage: str, backend: str, backend_values: Mapping[str, Any], stage_values: Mapping[str, Any]
) -> RunOptions:
    """The options with what was chosen for a stage.

    Raises:
        InputError: They do not go together.
    """
    role = ROLES.get(stage)
    changes: dict[str, Any] = {}
    if role is not None and backend:
        changes[role] = BackendChoice(name=backend, options=dict(backend_values))
    for field in stage_fields(stage) if stage != DECIDE else ():
        changes[field.path[0]] = stage_values.get(field.path[0], field.default)
    try:
        return RunOptions.model_validate({**options.model_dump(), **changes})
    except ValidationError as error:
        raise InputError(str(error.errors()[0]["msg"]), hint="Correct it.") from error


def policy_values(policy: Policy) -> dict[str, Any]:
    """A policy as values of the form."""
    drop = policy.drop or DropRule()
    return {
        "people": policy.people,
        "agreeing": policy.agreeing,
        "drops": policy.drop is not None,
        "pass_rate": drop.pass_rate,
        "too_hard_up_to": drop.too_hard_up_to,
        "least_rollouts": drop.least_rollouts,
        "interval": policy.interval.value,
    }


def policy_of(values: Mapping[str, Any], before: Policy) -> Policy:
    """The policy that values of the form stand for.

    Raises:
        InputError: They contradict each other.
    """
    whole = {**{f.path[0]: f.default for f in stage_fields(DECIDE)}, **values}
    try:
        drop = None
        if whole["drops"]:
            lowest = whole["too_hard_up_to"]
            least = int(whole["least_rollouts"])
            drop = rule(None if lowest is None else float(lowest), float(whole["pass_rate"]), least)
            if before.drop is not None and replace(drop, name=before.drop.name) == before.drop:
                drop = before.drop
        return replace(
            before,
            people=int(whole["people"]),
            agreeing=int(whole["agreeing"]),
            drop=drop,
            interval=IntervalMethod(whole["interval"]),
        )
    except ValueError as error:
        text = str(error)
        raise InputError(text[:1].upper() + text[1:] + ".") from error


_POLICY_SCHEMA: dict[str, Any] = {
    "properties": {
        "people": {
            "type": "integer", "minimum": 1, "maximum": 20, "default": 4, "title": "People",
            "description": "How many answer each chain.",
        },
        "agreeing": {
            "type": "integer", "minimum": 1, "maximum": 20, "default": 4, "title": "Of them agreeing",
            "description": "How many have to give the same number; more than half.",
        },
        "drops": {"type": "boolean", "default": True, "title": "Drop by the weaker model's pass rate"},
        "pass_rate": {
            "type": "number", "exclusiveMinimum": 0, "maximum": 1, "default": 1.0, "title": "From this pass rate on",
            "description": "1 drops only what is solved every time.",
        },
        "too_hard_up_to": {
            "anyOf": [{"type": "number", "minimum": 0, "exclusiveMaximum": 1}, {"type": "null"}], "default": None,
            "title": "And up to this one", "description": "0 drops what is never solved, too; empty keeps that.",
        },
        "least_rollouts": {
            "type": "integer", "minimum": 1, "default": 4, "title": "After so many attempts",
            "description": "With fewer of them nothing is dropped.",
        },
        "interval": {
            "enum": [method.value for method in IntervalMethod], "type": "string",
            "default": IntervalMethod.WILSON.value, "title": "Interval",
            "description": "How the 95 % interval of a pass rate is worked out.",
        },
    }
}  # fmt: skip
