"""The reward: which number a reply ends in, and that no other one is ever taken for it."""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hopchain_core.domain.number_words import words_of
from hopchain_core.rlvr.reward import Answer, Unreadable, read_answer, score


@pytest.mark.parametrize(
    ("reply", "number"),
    [
        ("First 6, then 11.\n<answer>\\boxed{22}</answer>", "22"),
        ("<think>It may be \\boxed{7}.</think>\n<answer>\\boxed{22}</answer><|im_end|>", "22"),
        ("<answer>22</answer>", "22"),
        ("<Answer>\n22\n</Answer>", "22"),
        ("<answer>The answer is 22</answer>", "22"),
        ("<answer>N = 22</answer>", "22"),
        ("<answer>\\boxed{22}.</answer>\n\nI looked at 5 birds.", "22"),
        ("The form is <answer>\\boxed{N}</answer>. So: <answer>\\boxed{5}</answer>", "5"),
        ("<answer>\\boxed{12}", "12"),  # a stop string took the closing tag
        ("so the total is $\\boxed{22}$.", "22"),
        ("First \\boxed{3}, in the end \\boxed{12}", "12"),
        ("\\boxed{{22}}", "22"),
        ("\\boxed{2 + 3 = 5}", "5"),
        ("\\boxed{12\\text{ birds}}", "12"),
        ("\\boxed 7", "7"),
        ("Answer: 22", "22"),
        ("**Final Answer:** 22", "22"),
        ("**Answer**: **22**\n", "22"),
        ("### Answer\n22", "22"),
        ("Answer:\n\n**12**", "12"),
        ("Answer: 12. The birds are on the fence.", "12"),
        ("Answer: 12 (twelve)", "12"),
        ("Answer: twenty-two", "22"),
        ("Answer: 22 birds", "22"),
        ("Answer: 12\nConfidence: 90%", "12"),
        ("The final answer is \\(\\boxed{22}\\).", "22"),
        ("The answer to this question is 22.", "22"),
        ("So the answer is therefore −5", "-5"),
        ("The answer is 5, no, 答案是 6", "6"),
        ("答案是 5\nWith the hidden one, the answer is 6", "6"),
        ("In İzmir the answer is 6.", "6"),
        ("The answer is 6. The other answers are on the wall.", "6"),
        ('{"answer": 22}', "22"),
        ('{"final_answer": "22"}', "22"),
        ("six and then\n22", "22"),
        ("11 × 2 = 22", "22"),
        ("The total is 22.", "22"),
        ("**Total:** 22", "22"),
    ],
)
def test_that_the_final_number_of_a_reply_is_read(reply: str, number: str) -> None:
    read = read_answer(reply)
    assert isinstance(read, Answer), read
    assert read.text == number


@pytest.mark.parametrize(
    "reply",
    [
        "<answer>12 or 13</answer>",
        "<answer>\\boxed{12} 13</answer>",
        "<answer>\\boxed{12} or \\boxed{13}</answer>",
        "<answer>12</answer> 13",
        "<answer>12</answer> or maybe <answer>13</answer>",
        "\\boxed{12 or 13}",
        "\\boxed{12} or 13",
        "\\boxed{12} or thirteen",
        "\\boxed{12}, \\boxed{13} or so: 12, 13",
        "Answer: 12 or 13",
        "Answer: 12 13",
        "Answer: 12, 13",
        "Answer: twelve, thirteen",
        "Answer: 12 - 13",
        "Answer: 12-13",
        "Answer: 12–13",
        "Answer: between 12 and 13",
        "Answer: 12\n13",
        "Answer: 12:30",
        "Answer: 12, but maybe 13",
        "Answer: about 12",
        "Answer: ~12",
        "Answer: 3 × 4",
        "The answer is not 12",
        "It is either 12 or it is 13",
        "12 = 13",
        "x ≠ 12",
        "x >= 12",
        "-\\boxed{12}",
        "\\boxed{12}%",
        "\\boxed{12} million",
        "\\boxed{12}/5",
        "\\boxed{12}!",
        "I see 12 birds",
        "Step 3: 12",
        "<think>\\boxed{12}",
        "<answer>12",
        "<answer>\\boxed{12",
        "\\boxed{12",
        "<answer>n/a</answer> Answer: 12",
    ],
)
def test_that_a_reply_without_one_definite_answer_earns_nothing(reply: str) -> None:
    assert isinstance(read_answer(reply), Unreadable)
    assert score(reply, "12") == 0.0
    assert score(reply, "13") == 0.0


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("", Unreadable.EMPTY),
        ("<think>so</think>\n", Unreadable.EMPTY),
        ("<answer></answer>", Unreadable.EMPTY),
        ("I cannot tell.", Unreadable.NO_ANSWER),
        ("<answer>none</answer>", Unreadable.NOT_A_NUMBER),
        ("<answer>1/3</answer>", Unreadable.NOT_FINITE),
        ("<answer>\\boxed{1", Unreadable.CUT_OFF),
        ("\\boxed{12} or 13", Unreadable.SEVERAL),
        (f"<answer>{'1' * 30_000}</answer>", Unreadable.TOO_LONG),
    ],
)
def test_that_an_unread_reply_has_a_reason(reply: str, why: Unreadable) -> None:
    assert read_answer(reply) is why


def test_that_equal_numbers_score_however_they_are_written() -> None:
    for text in ("0.75", ".750", "3/4", "\\frac{3}{4}", "75e-2", "¾", "7.5 × 10^{-1}"):
        assert score(f"<answer>\\boxed{{{text}}}</answer>", "0.75") == 1.0, text
    assert score("<answer>75%</answer>", "0.75") == 0.0
    assert score("<answer>75%</answer>", "75") == 0.0


def test_that_comparison_is_exact() -> None:
    digits = "1" * 10_000
    assert score(f"<answer>\\boxed{{{digits}}}</answer>", digits) == 1.0
    assert score(f"<answer>\\boxed{{{digits[:-1]}2}}</answer>", digits) == 0.0
    assert score("\\boxed{0.1000000000000000000000000000000000001}", "0.1") == 0.0


def test_that_a_label_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not one number"):
        score("\\boxed{12}", "twelve or so")


def test_that_labels_of_any_plain_type_are_taken() -> None:
    assert (
        score("\\boxed{12}", 12) == score("\\boxed{12}", Decimal("12.0")) == score("\\boxed{12}", Answer.of(12)) == 1.0
    )


NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6).map(Decimal),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=3),
)


def _plain(number: Decimal) -> str:
    return format(number, "f")


def _grouped(number: Decimal) -> str:
    return format(number, ",f")


def _words(number: Decimal) -> str:
    return words_of(int(number)) if number == number.to_integral_value() else _plain(number)


def _fraction(number: Decimal) -> str:
    numerator, denominator = number.as_integer_ratio()
    return f"{numerator}/{denominator}"


FORMATS = st.sampled_from(
    [
        _plain,
        _grouped,
        _words,
        _fraction,
        lambda n: format(n, "E"),
        lambda n: _plain(n).replace("-", "−"),
        lambda n: _plain(n).translate(str.maketrans("-.0123456789", "－．０１２３４５６７８９")),
        lambda n: _plain(n).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        lambda n: _grouped(n).replace(",", "\\,"),
        lambda n: _grouped(n).replace(",", "\u202f"),
        lambda n: f"{n * 100:f} × 10^{{-2}}",
        lambda n: f"**{_plain(n)}**",
        lambda n: f"${_plain(n)}$",
        lambda n: f"\\text{{{_plain(n)}}}",
    ]
)
FORMS = st.sampled_from(
    [
        "Six, then 11.\n<answer>\\boxed{%s}</answer>",
        "<think>7 or 8?</think><answer>%s</answer>",
        "It must be \\boxed{%s}.",
        "3 birds and 4 bears.\nAnswer: %s",
        "The final answer is %s.",
        "So\n%s",
        "<answer>\n\\boxed{%s}\n</answer>\n<|im_end|>",
    ]
)


@given(NUMBERS, FORMATS, FORMS)
@example(Decimal(-1), _words, "The final answer is %s.")
def test_that_every_way_of_writing_a_number_is_read_back(number: Decimal, write: object, form: str) -> None:
    text = write(number)  # type: ignore[operator]  # one of FORMATS
    read = read_answer(form % text)
    assert isinstance(read, Answer), (text, read)
    assert read.value == number


@given(NUMBERS, NUMBERS, FORMATS, FORMS)
def test_that_a_different_number_never_scores(number: Decimal, label: Decimal, write: object, form: str) -> None:
    reply = form % write(number)  # type: ignore[operator]  # one of FORMATS
    assert score(reply, label) == (1.0 if number == label else 0.0)


@given(
    NUMBERS,
    NUMBERS,
    st.sampled_from([" or ", ", ", " ", " - ", " to ", " and ", ":", "–", "; ", " vs ", " = "]),
    FORMS,
)
def test_that_two_different_numbers_are_never_taken_for_one_of_them(
    one: Decimal, other: Decimal, between: str, form: str
) -> None:
    if one == other:
        return
    reply = form % f"{_plain(one)}{between}{_plain(other)}"
    assert isinstance(read_answer(reply), Unreadable)
    assert score(reply, one) == score(reply, other) == 0.0


@given(st.text(max_size=300))
def test_that_any_text_is_read_without_an_error(reply: str) -> None:
    assert isinstance(read_answer(reply), Answer | Unreadable)


@given(
    st.lists(
        st.sampled_from(
            [
                "<answer>",
                "</answer>",
                "\\boxed{",
                "}",
                "12",
                " or ",
                "answer: ",
                "\n",
                "<think>",
                "</think>",
                "-",
                "%",
                ".",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_that_any_mixture_of_its_marks_is_read_without_an_error(reply: str) -> None:
    assert isinstance(read_answer(reply), Answer | Unreadable)


HOSTILE = {
    "openers": "<answer>" * 130_000,
    "boxes": "\\boxed{" * 150_000,
    "cues": "answer: " * 130_000,
    "digits": "1" * 1_000_000,
    "braces": "\\boxed{" + "{" * 1_000_000,
    "blocks": "<answer>1</answer>" * 60_000,
    "lines": "answer is 5\n" * 90_000,
    "groups": "<answer>" + "1,000" * 200_000 + "</answer>",
    "tail": "<answer>5</answer>" + "5 " * 500_000,
    "spaces": "answer:" + " " * 1_000_000 + "5",
    "styles": "\\text{" * 200_000,
    "equals": "=1" * 500_000,
    "stems": "ans " * 250_000,
    "cues cut off": "answer to it " * 80_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_that_a_megabyte_is_read_in_well_under_a_second(name: str) -> None:
    # Anything but linear time would take minutes here; what others do on the machine is not counted.
    started = time.thread_time()
    read_answer(HOSTILE[name])
    assert time.thread_time() - started < 2.0


def test_that_threads_share_it() -> None:
    replies = [f"<answer>\\boxed{{{n}}}</answer>" for n in range(400)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(score, replies, range(400))) == [1.0] * 400


def test_that_importing_it_loads_nothing_heavy() -> None:
    code = (
        "import sys, hopchain_core.rlvr.reward\n"
        "heavy = {'numpy', 'torch', 'PySide6', 'sqlalchemy', 'pydantic', 'cv2', 'PIL'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
