"""The order in which one person is asked the items of a round: what is put off goes last, what is taken back comes first."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence

from hopchain_core.domain.keys import ChainKey
from hopchain_core.errors import InputError
from hopchain_core.store.reads_blind import QueuedItem


class BlindQueue:
    """What one person has answered of a round, and what is left in its order.

    Args:
        round_id: The round; None where nothing is asked.
        listed: All items of the person, by position from 1.
    """

    def __init__(self, round_id: int | None, listed: Sequence[QueuedItem]) -> None:
        self._round = round_id
        self._chains = tuple(one.chain for one in listed)
        self._positions = {one.chain: one.position for one in listed}
        self._answered = {one.position for one in listed if one.is_answered}
        # By rank: 0 as dealt, above 0 put off so many times, below 0 taken back, the newest lowest.
        self._pending = sorted((one.skips, one.position) for one in listed if one.is_asked and not one.is_answered)
        self._returned = 0

    def __len__(self) -> int:
        return len(self._chains)

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return len(self._answered)

    @property
    def pending(self) -> int:
        """How many are left."""
        return len(self._pending)

    @property
    def put_off(self) -> int:
        """How many of those left were put off."""
        return sum(rank > 0 for rank, _ in self._pending)

    def coming(self, first: int, end: int) -> list[int]:
        """Positions of what comes next, from the one at place `first` (from 0) up to but without `end`."""
        return [position for _, position in self._pending[first:end]]

    def is_answered(self, position: int) -> bool:
        """Whether an item has an answer."""
        return position in self._answered

    def answer(self, position: int) -> None:
        """An item has an answer now."""
        self.withdraw(position)
        self._answered.add(position)

    def take_back(self, position: int) -> None:
        """The answer of an item is taken back: it comes next."""
        self._answered.discard(position)
        self._returned -= 1
        insort(self._pending, (self._returned, position))

    def last_rank(self, position: int) -> int:
        """The rank with which an item goes to the end, among those put off as often in the order they were dealt."""
        last = max((rank for rank, _ in self._pending), default=0)
        return max(1, last if self._rank(position) < last else last + 1)

    def put(self, position: int, rank: int) -> None:
        """Gives an item another rank."""
        self.withdraw(position)
        insort(self._pending, (rank, position))

    def withdraw(self, position: int) -> None:
        """An item is not asked any more, or not where it stood."""
        place = bisect_left(self._pending, (self._rank(position), position))
        if place < len(self._pending) and self._pending[place][1] == position:
            del self._pending[place]

    def chain(self, position: int) -> ChainKey:
        """What is asked at a position."""
        return self._chains[position - 1]

    def place_of(self, chain: ChainKey) -> int | None:
        """The position of a chain; None where the person is not asked it."""
        return self._positions.get(chain)

    def id(self, position: int) -> str:
        """What an item is called to whoever answers: it says nothing of the chain."""
        return f"{self._round}-{position}"

    def id_of(self, chain: ChainKey) -> str:
        """As `id`, for a chain that the person is asked."""
        return self.id(self._positions[chain])

    def position(self, item: str) -> int:
        """The position of an item by its id.

        Raises:
            InputError: It is none of this round.
        """
        head, _, tail = item.partition("-")
        if head == str(self._round) and tail.isascii() and tail.isdecimal() and 1 <= int(tail) <= len(self._chains):
            return int(tail)
        raise InputError("This question is none of this round.")

    def _rank(self, position: int) -> int:
        return next((rank for rank, other in self._pending if other == position), 0)
