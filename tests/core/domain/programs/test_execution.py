from decimal import Decimal

import pytest

from hopchain_core.domain.instances import AttributeName, Origin
from hopchain_core.domain.programs import (
    Arithmetic,
    Attribute,
    Branch,
    Compare,
    Constant,
    Count,
    Extreme,
    Filter,
    Given,
    Group,
    HopOutput,
    Middle,
    Nearest,
    Relation,
    Unique,
)
from hopchain_core.domain.programs.execution import ProgramError, run_operation
from hopchain_core.domain.programs.operations import (
    Direction,
    End,
    HasAttribute,
    InPart,
    Matches,
    Measure,
    Operator,
    Order,
    Part,
    Placed,
    Reading,
    Sized,
)
from tests.core.domain.programs.scenery import instance, picture

BIRDS = Filter("bird")


@pytest.fixture
def facts():
    return picture(
        instance("bird", 100, 600),
        instance("bird", 300, 200, width=60),
        instance("bird", 800, 650, width=90, height=60),
        instance("bear", 500, 400, width=220, height=260),
    )


def value(operation, facts, outputs=None):
    return run_operation(9, operation, facts, outputs or {})[0]


def margin(operation, facts, outputs=None):
    return min(c.margin for c in run_operation(9, operation, facts, outputs or {})[1])


def x(seen):
    return seen.box.centre.x


def test_that_a_set_runs_from_left_to_right(facts):
    assert [x(s) for s in value(BIRDS, facts)] == [100, 300, 800]


def test_that_the_only_member_is_found_and_several_have_none(facts):
    assert value(Unique(Filter("bear")), facts).category == "bear"
    with pytest.raises(ProgramError, match="the only one, and 3 fit"):
        value(Unique(BIRDS), facts)


@pytest.mark.parametrize(
    ("by", "end", "rank", "where"),
    [
        (Measure.X_CENTRE, End.MIN, 1, 100),
        (Measure.X_CENTRE, End.MIN, 2, 300),
        (Measure.X_CENTRE, End.MAX, 1, 800),
        (Measure.Y_CENTRE, End.MIN, 1, 300),
        (Measure.AREA, End.MAX, 1, 800),
        (Measure.AREA, End.MIN, 1, 100),
        (Measure.WIDTH, End.MAX, 2, 300),
    ],
)
def test_that_an_extreme_takes_the_place_asked_for(facts, by, end, rank, where):
    assert x(value(Extreme(BIRDS, by, end, rank), facts)) == where


def test_that_an_extreme_of_equals_has_no_value():
    twins = picture(instance("cup", 100, 100), instance("cup", 100, 500))
    with pytest.raises(ProgramError, match="equal"):
        value(Extreme(Filter("cup"), Measure.X_CENTRE, End.MIN), twins)


def test_that_the_nearest_is_measured_between_centres_and_is_never_the_start(facts):
    bear = Unique(Filter("bear"))
    assert x(value(Nearest(bear, BIRDS), facts)) == 300
    assert x(value(Nearest(bear, BIRDS, End.MAX), facts)) == 100
    leftmost = value(Extreme(BIRDS, Measure.X_CENTRE, End.MIN), facts)
    assert x(value(Nearest(HopOutput(1), BIRDS), facts, {1: leftmost})) == 300


def test_that_the_next_one_along_skips_what_lies_behind(facts):
    start = {1: value(BIRDS, facts)[1]}
    assert x(value(Relation(HopOutput(1), Direction.RIGHT_OF, BIRDS), facts, start)) == 800
    assert x(value(Relation(HopOutput(1), Direction.LEFT_OF, BIRDS), facts, start)) == 100
    with pytest.raises(ProgramError, match="nothing lies"):
        value(Relation(HopOutput(1), Direction.ABOVE, BIRDS), facts, start)


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        (InPart(Part.LEFT), 2),
        (InPart(Part.RIGHT), 1),
        (InPart(Part.UPPER), 1),
        (InPart(Part.LOWER), 2),
        (Placed(Direction.LEFT_OF, Unique(Filter("bear"))), 2),
        (Placed(Direction.BELOW, Unique(Filter("bear"))), 2),
        (Sized(Measure.AREA, Order.LESS, Unique(Filter("bear"))), 3),
    ],
)
def test_that_a_count_counts_what_meets_the_condition(facts, condition, count):
    assert value(Count(Filter("bird", (condition,))), facts) == count


def test_that_a_group_holds_what_its_members_find(facts):
    group = Group((Unique(Filter("bear")), Extreme(BIRDS, Measure.X_CENTRE, End.MAX)))
    assert [s.category for s in value(group, facts)] == ["bear", "bird"]
    with pytest.raises(ProgramError, match="twice"):
        value(Group((Unique(Filter("bear")), Unique(Filter("bear")))), facts)


@pytest.mark.parametrize(
    ("text", "name", "reading", "read"),
    [
        ("473", AttributeName.NUMBER, Reading.NUMBER, Decimal(473)),
        ("473", AttributeName.NUMBER, Reading.FIRST_DIGIT, Decimal(4)),
        ("473", AttributeName.NUMBER, Reading.LAST_DIGIT, Decimal(3)),
        ("473", AttributeName.NUMBER, Reading.DIGIT_SUM, Decimal(14)),
        ("473", AttributeName.NUMBER, Reading.DIGITS, Decimal(3)),
        ("OPEN now", AttributeName.TEXT, Reading.LETTERS, Decimal(7)),
        ("OPEN", AttributeName.TEXT, Reading.AS_IS, "OPEN"),
    ],
)
def test_that_a_reading_gives_what_it_says(text, name, reading, read):
    facts = picture(instance("sign", 100, 100, **{name.value: text}))
    assert value(Attribute(Unique(Filter("sign")), name, reading), facts) == read


def test_that_a_word_is_no_number():
    facts = picture(instance("sign", 100, 100, text="OPEN"))
    with pytest.raises(ProgramError):
        value(Attribute(Unique(Filter("sign")), AttributeName.TEXT, Reading.NUMBER), facts)
    with pytest.raises(ProgramError, match="not known"):
        value(Attribute(Unique(Filter("sign")), AttributeName.COLOUR), facts)


def test_that_a_branch_takes_the_side_of_its_condition(facts):
    wide = Compare(
        Attribute(Unique(Filter("bear")), Measure.WIDTH),
        Order.GREATER,
        Attribute(Unique(Filter("bear")), Measure.HEIGHT),
    )
    result, _, branches = run_operation(1, Branch(wide, Constant(Decimal(6)), Constant(Decimal(9))), facts, {})
    assert result == 9
    assert [b.is_true for b in branches] == [False]


def test_that_arithmetic_goes_from_left_to_right(facts):
    numbers = tuple(Constant(Decimal(n)) for n in (20, 5, 3))
    assert value(Arithmetic(Operator.SUBTRACT, numbers), facts) == 12
    assert value(Arithmetic(Operator.MULTIPLY, numbers), facts) == 300
    with pytest.raises(ProgramError, match="number"):
        value(Arithmetic(Operator.ADD, (Constant(Decimal(1)), Unique(Filter("bear")))), facts)


def test_that_words_are_only_equal_or_not():
    facts = picture(instance("cup", 100, 100, colour="red"), instance("ball", 400, 100, colour="red"))
    cup, ball = (Attribute(Unique(Filter(c)), AttributeName.COLOUR) for c in ("cup", "ball"))
    assert value(Compare(cup, Order.EQUAL, ball), facts) is True
    with pytest.raises(ProgramError):
        value(Compare(cup, Order.GREATER, ball), facts)


def test_that_the_same_colour_excludes_the_model_itself():
    facts = picture(
        instance("cup", 100, 100, colour="red"),
        instance("cup", 400, 100, colour="blue"),
        instance("cup", 700, 100, colour="red"),
    )
    first = value(Filter("cup"), facts)[0]
    same = Unique(Filter("cup", (Matches(AttributeName.COLOUR, HopOutput(1)),)))
    assert x(value(same, facts, {1: first})) == 700


def test_that_a_hop_cannot_use_one_that_comes_later(facts):
    with pytest.raises(ProgramError, match="does not come before"):
        value(HopOutput(3), facts)
    with pytest.raises(ProgramError, match="speaks of an object that the picture no longer holds"):
        value(Given("0" * 16), facts)


# margins


def test_that_a_count_over_a_crowd_is_never_clear():
    facts = picture(instance("cup", 100, 100), instance("cup", 400, 100), instance("cup", 700, 400, is_crowd=True))
    assert margin(Count(Filter("cup")), facts) == 0


def test_that_a_count_over_things_too_small_to_see_is_never_clear():
    facts = picture(instance("cup", 100, 100), instance("cup", 400, 100, width=6, height=6))
    assert margin(Count(Filter("cup")), facts) == 0


def test_that_a_count_over_things_that_hide_each_other_is_never_clear():
    facts = picture(instance("cup", 100, 100), instance("cup", 104, 100, width=30, height=30))
    assert margin(Count(Filter("cup")), facts) == 0


def test_that_a_count_of_what_is_easily_mixed_up_is_not_clear_when_both_are_there():
    cups = (instance("cup", 100, 100), instance("cup", 400, 100))
    assert margin(Count(Filter("cup")), picture(*cups)) >= 1
    assert margin(Count(Filter("cup")), picture(*cups, instance("wine glass", 700, 300))) == 0


@pytest.mark.parametrize(("gap", "is_clear"), [(10, False), (30, False), (40, True), (300, True)])
def test_that_an_extreme_is_clear_from_a_visible_gap_on(gap, is_clear):
    facts = picture(instance("cup", 100, 100), instance("cup", 100 + gap, 400))
    assert (margin(Extreme(Filter("cup"), Measure.X_CENTRE, End.MIN), facts) >= 1) is is_clear


def test_that_an_extreme_whose_edges_say_otherwise_is_not_clear():
    wide = instance("cup", 300, 100, width=500)
    facts = picture(instance("cup", 150, 400), wide)
    assert margin(Extreme(Filter("cup"), Measure.X_CENTRE, End.MIN), facts) < 1


@pytest.mark.parametrize(("second", "is_clear"), [(220, False), (260, False), (300, True)])
def test_that_the_nearest_is_clear_when_the_runner_up_is_well_behind(second, is_clear):
    facts = picture(instance("dog", 500, 100), instance("cup", 300, 100), instance("cup", 500 + second, 100))
    assert (margin(Nearest(Unique(Filter("dog")), Filter("cup")), facts) >= 1) is is_clear


@pytest.mark.parametrize(("at", "is_clear"), [(500, False), (515, False), (560, True), (440, True)])
def test_that_a_half_is_clear_when_the_object_lies_well_inside(at, is_clear):
    facts = picture(instance("cup", at, 100), instance("cup", 900, 500))
    assert (margin(Filter("cup", (InPart(Part.LEFT),)), facts) >= 1) is is_clear


def test_that_a_length_in_pixels_against_a_number_is_never_clear(facts):
    compare = Compare(Attribute(Unique(Filter("bear")), Measure.WIDTH), Order.GREATER, Constant(Decimal(200)))
    assert margin(compare, facts) == 0


def test_that_the_middle_line_is_half_the_side(facts):
    assert value(Middle(Measure.X_CENTRE), facts) == 500
    assert value(Middle(Measure.Y_CENTRE), facts) == 400


def test_that_silence_about_a_number_is_clear_in_a_rendered_scene_only():
    def books(origin):
        return picture(
            instance("book", 100, 100, origin=origin, number="42"), instance("book", 500, 100, origin=origin)
        )

    asked = Filter("book", (HasAttribute(AttributeName.NUMBER, "42"),))
    assert run_operation(1, asked, books(Origin.SCENE), {})[1] == ()
    assert margin(asked, books(Origin.IMPORT)) == 0
