"""Takes answers out of packets, and believes only what this project sealed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from hopchain_core.blind import Given
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Annotation, Outcome
from hopchain_core.errors import PacketForeignError, PacketForgedError
from hopchain_core.packets.file import reading
from hopchain_core.packets.form import Header
from hopchain_core.packets.seals import answering_key, header_seal, is_same, item_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadPacket:
    """A packet that came back.

    Attributes:
        path: The file.
        header: What it says of itself.
        answers: What was answered, as the project keeps it.
    """

    path: Path
    header: Header
    answers: tuple[Annotation, ...]


AssignmentOf = Callable[[int, str], tuple[ChainKey, ...]]


def read_packet(
    path: Path,
    *,
    project: str,
    secret: str | None,
    assignment_of: AssignmentOf,
    former_names: Mapping[str, str] = MappingProxyType({}),
) -> ReadPacket:
    """Reads a packet that this project made.

    Args:
        path: The file; it is only read.
        project: Uuid of the project.
        secret: Of the project; None when it has never made a packet.
        assignment_of: What a person was given in a round.
        former_names: By former name, the name of today; what was made for a person who was renamed is still theirs.

    Raises:
        PacketForeignError: It is no packet, or another project's.
        PacketForgedError: It bears the name of this project, but not its seal; or it was changed since.
        PacketDamagedError: It is broken.
        PacketTooNewError: A newer version of the program made it.
    """
    with reading(path) as rows:
        header, name = rows.header, path.name
        if header.project != project:
            raise PacketForeignError(
                f"{name} was made for another project.", hint="Merge it into the project that it was made from."
            )
        if secret is None:
            raise PacketForeignError(f"{name} was not made by this project.", hint="Open the project it was made from.")
        if not is_same(header_seal(secret, header.text), rows.header_seal):
            raise _forged(name, "its header does not bear the seal of this project")
        if not is_same(answering_key(secret, header.packet), rows.key):
            raise _forged(name, "its key is not the one it was made with")
        given = rows.answers()
    person = former_names.get(header.annotator, header.annotator)
    chains = _chains(secret, header, assignment_of(header.round, person))
    lost = sum(one.item not in chains for one in given)
    if lost:
        raise PacketForeignError(
            f"{name} holds {lost} answers to questions that {header.annotator} is not asked in round {header.round}"
            " of this project.",
            hint="The round it was made for has been undone; redo it, or merge into a copy that has it.",
        )
    answers = tuple(_annotation(one, header, person, chains[one.item]) for one in given)
    return ReadPacket(path=path, header=header, answers=answers)


def _chains(secret: str, header: Header, assigned: tuple[ChainKey, ...]) -> Mapping[str, ChainKey]:
    return {item_id(secret, header.round, header.annotator, chain): chain for chain in assigned}


def _annotation(given: Given, header: Header, person: str, chain: ChainKey) -> Annotation:
    return Annotation(
        chain=chain,
        annotator=person,
        outcome=given.outcome,
        answer=Answer.of(given.text) if given.outcome is Outcome.ANSWERED else None,
        active_seconds=given.active_seconds,
        note=given.note,
        reason=given.reason,
        round=header.round,
        source=header.packet,
        answered_at=given.answered_at,
    )


def _forged(name: str, what: str) -> PacketForgedError:
    return PacketForgedError(
        f"{name} is refused: {what}.", hint="Ask for the file as the program wrote it; nothing of it was taken."
    )
