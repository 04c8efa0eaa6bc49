"""Typed operations over the instances of a picture: executable, exact, and aware of how near a tie each choice was.

`docs/programs.md` is their specification in prose.
"""

from hopchain_core.domain.programs.notation import expression_from_json, expression_to_json
from hopchain_core.domain.programs.operations import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Constant,
    Count,
    Expression,
    Extreme,
    Filter,
    Given,
    Group,
    HopOutput,
    Middle,
    Nearest,
    Operation,
    Relation,
    Unique,
)

__all__ = [
    "Arithmetic",
    "Attribute",
    "Branch",
    "Compare",
    "Constant",
    "Count",
    "Expression",
    "Extreme",
    "Filter",
    "Given",
    "Group",
    "HopOutput",
    "Middle",
    "Nearest",
    "Operation",
    "Relation",
    "Unique",
    "expression_from_json",
    "expression_to_json",
]
