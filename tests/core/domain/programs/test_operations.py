import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.domain.instances import AttributeName
from hopchain_core.domain.keys import InstanceKey
from hopchain_core.domain.programs import operations as ops
from hopchain_core.domain.programs.notation import expression_from_json, expression_to_json, operation_from_json
from hopchain_core.domain.programs.operations import children, hops_used

leaves = st.one_of(
    st.builds(ops.HopOutput, st.integers(1, 6)),
    st.builds(ops.Constant, st.one_of(st.decimals(-999, 999, places=2), st.text(max_size=8))),
    st.builds(ops.Given, st.text("0123456789abcdef", min_size=16, max_size=16).map(InstanceKey)),
    st.builds(ops.Middle, st.sampled_from([ops.Measure.X_CENTRE, ops.Measure.Y_CENTRE])),
)


def trees(inner):
    measure, end = st.sampled_from(ops.Measure), st.sampled_from(ops.End)
    condition = st.one_of(
        st.builds(ops.HasAttribute, st.sampled_from(AttributeName), st.text(max_size=6)),
        st.builds(ops.InPart, st.sampled_from(ops.Part)),
        st.builds(ops.Placed, st.sampled_from(ops.Direction), inner),
        st.builds(ops.Sized, measure, st.sampled_from([ops.Order.GREATER, ops.Order.LESS]), inner),
        st.builds(ops.Matches, st.sampled_from(AttributeName), inner),
    )
    sets = st.one_of(
        st.builds(
            ops.Filter,
            st.none() | st.text(max_size=6),
            st.lists(condition, max_size=2).map(tuple),
            st.none() | st.builds(ops.HopOutput, st.integers(1, 6)),
        ),
        st.builds(ops.Group, st.lists(inner, max_size=3).map(tuple)),
        st.builds(ops.HopOutput, st.integers(1, 6)),
    )
    compare = st.builds(ops.Compare, inner, st.sampled_from(ops.Order), inner)
    name = st.one_of(st.sampled_from(AttributeName), measure)
    return st.one_of(
        sets,
        compare,
        st.builds(ops.Unique, sets),
        st.builds(ops.Extreme, sets, measure, end, st.integers(1, 4)),
        st.builds(ops.Nearest, inner, sets, end),
        st.builds(ops.Relation, inner, st.sampled_from(ops.Direction), sets),
        st.builds(ops.Count, sets),
        st.builds(ops.Attribute, inner, name, st.sampled_from(ops.Reading)),
        st.builds(ops.Branch, compare, inner, inner),
        st.builds(ops.Arithmetic, st.sampled_from(ops.Operator), st.lists(inner, min_size=2, max_size=3).map(tuple)),
    )


expressions = st.recursive(leaves, trees, max_leaves=8)


@given(expressions)
def test_that_an_expression_reads_back_as_it_was_written(expression):
    text = json.dumps(expression_to_json(expression))
    assert expression_from_json(json.loads(text)) == expression


@given(expressions)
def test_that_every_hop_named_in_the_json_counts_as_used(expression):
    def named(data):
        if isinstance(data, dict):
            own = {data["hop"]} if isinstance(data.get("hop"), int) and set(data) == {"hop"} else set()
            return own.union(*(named(v) for v in data.values())) if data else own
        return set().union(*(named(v) for v in data)) if isinstance(data, list) and data else set()

    assert hops_used(expression) == named(expression_to_json(expression))


def test_that_a_large_round_number_keeps_its_value():
    assert expression_from_json(expression_to_json(ops.Constant(Decimal(1000)))) == ops.Constant(Decimal(1000))
    assert children(ops.Constant(Decimal(1))) == ()


@pytest.mark.parametrize(
    "data",
    [
        None,
        "count",
        [],
        {},
        {"op": "guess"},
        {"op": "count"},
        {"op": "count", "among": {"number": 3}},
        {"op": "extreme", "among": {"op": "filter", "category": "cup"}, "by": "weight", "end": "min"},
        {"op": "extreme", "among": {"op": "filter", "category": "cup"}, "by": "area", "end": "min", "rank": 0},
        {"op": "branch", "if": {"hop": 1}, "then": {"number": 1}, "else": {"number": 2}},
        {"op": "arithmetic", "operator": "add", "operands": [{"number": 1}]},
        {"op": "filter", "category": 7},
        {"op": "filter", "category": "cup", "where": [{"part": "middle"}]},
        {"hop": True},
        {"hop": "1"},
        {"number": "NaN"},
        {"number": "six"},
        {"word": 6},
    ],
)
def test_that_what_is_no_operation_is_refused_with_a_message(data):
    with pytest.raises(ValueError, match="not an operation"):
        operation_from_json(data)


def test_that_a_leaf_alone_is_no_operation():
    with pytest.raises(ValueError, match="leaf"):
        operation_from_json({"hop": 1})
