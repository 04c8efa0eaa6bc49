"""What is put off goes last, and what is taken back comes first, whatever was done before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hopchain_core.blind_queue import BlindQueue
from hopchain_core.domain.keys import ChainKey
from hopchain_core.errors import InputError
from hopchain_core.store.reads_blind import QueuedItem

ITEMS = 5


def made() -> BlindQueue:
    return BlindQueue(
        3,
        [QueuedItem(n, ChainKey(f"{n:016x}"), is_answered=False, skips=0, is_asked=True) for n in range(1, ITEMS + 1)],
    )


@given(steps=st.lists(st.sampled_from(["answer", "put off", "take back"]), max_size=30))
def test_that_what_is_put_off_comes_after_the_rest_and_what_is_taken_back_first(steps: list[str]) -> None:
    queue, answered, put_off = made(), [], set()
    for step in steps:
        first = next(iter(queue.coming(0, 1)), None)
        if step == "take back" and answered:
            position = answered.pop()
            queue.take_back(position)
            assert queue.coming(0, 1) == [position]
        elif step == "answer" and first is not None:
            queue.answer(first)
            answered.append(first)
            put_off.discard(first)
        elif step == "put off" and first is not None:
            queue.put(first, queue.last_rank(first))
            put_off.add(first)
        left = queue.coming(0, ITEMS)
        assert sorted(left + answered) == list(range(1, ITEMS + 1))
        assert [position in put_off for position in left] == sorted(position in put_off for position in left)
        assert (queue.answered, queue.pending, queue.put_off) == (len(answered), len(left), len(put_off))


def test_that_an_id_leads_back_to_its_item_and_no_other_id_does() -> None:
    queue = made()
    for position in range(1, ITEMS + 1):
        assert queue.position(queue.id(position)) == position
        assert queue.id_of(queue.chain(position)) == queue.id(position)
    for other in ("2-1", "3-0", "3-6", "3-", "3-x", "3-²", "", "3"):
        with pytest.raises(InputError, match="none of this round"):
            queue.position(other)
