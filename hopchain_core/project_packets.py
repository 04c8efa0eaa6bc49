"""What a project does with packets, and how far the people who answer agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hopchain_core.blind import Hold, refusal
from hopchain_core.domain.agreement import RESAMPLES
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Annotation
from hopchain_core.edits_answers import MergedAnswers
from hopchain_core.edits_names import former_names
from hopchain_core.errors import InputError, PacketError
from hopchain_core.packets import seals
from hopchain_core.packets.collect import ReadPacket, read_packet
from hopchain_core.packets.form import Pictures
from hopchain_core.packets.make import Asked, MadePacket, Order, file_name, write_packet
from hopchain_core.project_people import ProjectPeople
from hopchain_core.store.reader import AnswerRow, Reader
from hopchain_core.store.reads_blind import queue, rounds_of
from hopchain_core.store.reads_packets import questions
from hopchain_core.store.rows_runs import write_fact
from hopchain_core.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from hopchain_core.domain.agreement_report import AgreementReport

SECRET = "packet_secret"
"""Name of the fact that holds what packets are sealed with. It goes into no packet, export or log."""

_Place = tuple[ChainKey, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two different answers of one person to one question; the later one stands.

    Attributes:
        number: Of the chain, as people call it: C-12.
        annotator: Whose they are.
        kept: The number, or the outcome where there is none.
        dropped: As `kept`.
    """

    number: int
    annotator: str
    kept: str
    dropped: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedPackets:
    """What became of packets that came back.

    Attributes:
        packets: What was read.
        answers: What became of their answers.
        conflicts: By chain and annotator.
    """

    packets: tuple[ReadPacket, ...]
    answers: MergedAnswers
    conflicts: tuple[Conflict, ...]


class ProjectPackets(ProjectPeople):
    """The part of `Project` that is about packets and agreement."""

    def make_packet(
        self,
        annotator: str,
        out: Path,
        *,
        round: int | None = None,
        pictures: Pictures = Pictures.INCLUDE,
        keep_metadata: bool = False,
        on_progress: Callable[[int, int], None] = lambda done, total: None,
    ) -> MadePacket:
        """Writes what a person has left to answer into one file. Not a step of undo.

        Args:
            annotator: Whom it is for.
            out: The file, where nothing may be yet; or a folder to make one in, named after the person and the round.
            round: The round; None for the person's own: a qualification first, then the oldest with something left.
            pictures: Whether their files go in.
            keep_metadata: Leave in them what cameras wrote, such as the place; it is taken out otherwise.
            on_progress: Told how many pictures are done and how many there are.

        Raises:
            InputError: There is no such person or round, nothing is asked of them, they may not answer it, or a picture
                cannot be put in.
            PacketError: The file cannot be written.
        """
        source = self.blind(annotator, round)
        hold = source.hold()
        if hold is not Hold.NONE:
            raise refusal(hold)
        secret = self._file.writer.submit(_ensured_secret).result()
        with self._file.read() as read:
            number = _own_round(read, annotator) if round is None else round
            chains = [item.chain for item in queue(read, number, annotator) if item.is_asked and not item.is_answered]
            asked = [Asked(chain=key, question=text, image=image) for key, text, image in questions(read, chains)]
        order = Order(
            project=self._file.uuid, secret=secret, round=number, title=source.title, annotator=annotator, asked=asked
        )
        out = out / file_name(annotator, number) if out.is_dir() else out
        return write_packet(
            out, order, self._file.path.parent, pictures, keep_metadata=keep_metadata, on_progress=on_progress
        )

    def merge_packets(self, files: Sequence[Path], *, by: object = None) -> MergedPackets:
        """Takes the answers in packets back: all of them in one step of undo, or, when a file is refused, none.

        The order of merging does not matter, and merging again changes nothing: of two answers of one person to one
        question the later stands. Answers to a question edited since are kept and are stale.

        Args:
            files: Packets that this project made; they are only read.
            by: Who asked, for `on_commit`.

        Raises:
            PacketError: A file is missing, damaged, foreign, forged or too new; nothing has been taken.
            InputError: An annotator or a question of it is not in this project any more; nothing has been taken.
        """
        with self._file.read() as read:
            packets = _read_all(files, self._file.uuid, read)
            before = _said_by(read.answer_rows())
        answers = [answer for packet in packets for answer in packet.answers]
        what = ", ".join(sorted({packet.header.annotator for packet in packets}))
        merged = self.merge_answers(answers, text=f"Merge answers of {what}", by=by)
        conflicts: tuple[Conflict, ...] = ()
        if merged.replaced or merged.older or len({(a.chain, a.annotator) for a in answers}) < len(answers):
            with self._file.read() as read:
                conflicts = _conflicts(read, before, answers)
        return MergedPackets(packets=packets, answers=merged, conflicts=conflicts)

    def agreement(self, *, resamples: int = RESAMPLES) -> AgreementReport:
        """How far people agree, overall, by group and each with the rest. Takes about a second for 40,000 answers."""
        from hopchain_core.domain.agreement_report import agreement_report

        with self._file.read() as read:
            rows, chains = read.answer_rows(), read.answered_chains()
        return agreement_report(rows, chains, seed=self._file.seed, resamples=resamples)


def _ensured_secret(uow: UnitOfWork) -> str:
    secret = Reader(uow.conn).fact(SECRET)
    if secret is None:
        secret = seals.new_secret()
        write_fact(uow, SECRET, secret)
    return secret


def _own_round(read: Reader, annotator: str) -> int:
    rounds = rounds_of(read, annotator)
    if not rounds:
        raise InputError(f"No open round asks {annotator} anything.", hint="Open a round first.")
    return next((number for number, _, left in rounds if left), rounds[-1][0])


def _read_all(files: Sequence[Path], uuid: str, read: Reader) -> tuple[ReadPacket, ...]:
    secret, former = read.fact(SECRET), former_names(read)
    found: list[ReadPacket] = []
    refused: list[PacketError] = []
    for path in files:
        try:
            packet = read_packet(path, project=uuid, secret=secret, assignment_of=read.assignment, former_names=former)
            found.append(packet)
        except PacketError as error:
            refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise PacketError(
            f"{len(refused)} of {len(files)} files are refused, so nothing was taken: "
            + " ".join(str(error) for error in refused),
            hint="Merge the others without them.",
        )
    if not found:
        raise InputError("No packet was named.")
    return tuple(found)


def _said_by(rows: Sequence[AnswerRow]) -> dict[_Place, str]:
    return {(row.chain_key, row.annotator): row.answer or row.outcome.value for row in rows}


def _conflicts(read: Reader, before: Mapping[_Place, str], answers: Sequence[Annotation]) -> tuple[Conflict, ...]:
    after = _said_by(read.answer_rows())
    chains = read.answered_chains()
    found = set()
    for answer in answers:
        place = answer.chain, answer.annotator
        kept = after[place]
        came = answer.answer.text if answer.answer else answer.outcome.value
        for dropped in (came, before.get(place, kept)):
            if dropped != kept:
                found.add((chains[answer.chain].number, answer.annotator, kept, dropped))
    return tuple(
        Conflict(number=number, annotator=name, kept=kept, dropped=dropped)
        for number, name, kept, dropped in sorted(found)
    )
