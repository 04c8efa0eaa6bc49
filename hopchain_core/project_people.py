"""What a curator does with people: who answers what, what is gold, and what an adjudicator decides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hopchain_core import edits_answers, edits_names, edits_people
from hopchain_core.domain.answers import Answer
from hopchain_core.domain.chains import Chain
from hopchain_core.domain.keys import ChainKey
from hopchain_core.domain.review import Adjudication, AdjudicationKind, Annotation
from hopchain_core.domain.rounds import Annotator, Gold, Round, RoundTerms
from hopchain_core.domain.rounds_plan import RoundPlan
from hopchain_core.edits_answers import MergedAnswers
from hopchain_core.store.project_file import ProjectFile
from hopchain_core.store.reader import Reader
from hopchain_core.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from hopchain_core.project_blind import ProjectBlindSource


class ProjectPeople:
    """The part of `Project` that is about people. Each method but the reading ones is one step of undo."""

    _file: ProjectFile

    # Annotators

    def add_annotator(self, name: str, *, note: str = "", by: object = None) -> Annotator:
        """Adds a person by name or alias.

        Raises:
            InputError: The name is empty, too long, or differs from another one in case only.
        """
        return self._file.edit(f"Add {name.strip()}", lambda uow: edits_people.add_annotator(uow, name, note), by)

    def change_annotator(
        self, name: str, *, note: str | None = None, is_active: bool | None = None, by: object = None
    ) -> Annotator:
        """Changes the note of a person, or whether they are given anything at all.

        Raises:
            InputError: There is nobody of this name.
        """
        return self._file.edit(
            f"Change {name}",
            lambda uow: edits_people.change_annotator(uow, name, note=note, is_active=is_active),
            by,
        )

    def rename_annotator(self, name: str, new_name: str, *, by: object = None) -> Annotator:
        """Gives a person another name. Answers, rounds and drafts go with it; packets made before still merge.

        Raises:
            InputError: There is nobody of this name, or the new one is empty, too long, taken, or a former one of
                somebody else.
        """

        def rename(uow: UnitOfWork) -> Annotator:
            return edits_names.rename_annotator(uow, edits_people.annotator_of(Reader(uow.conn), name), new_name)

        return self._file.edit(f"Rename {name} to {new_name.strip()}", rename, by)

    def remove_annotator(self, name: str, *, by: object = None) -> bool:
        """Removes a person. One who has been given or has done anything is kept and made inactive.

        Returns:
            Whether the person is gone.

        Raises:
            InputError: There is nobody of this name.
        """
        return self._file.edit(f"Remove {name}", lambda uow: edits_people.remove_annotator(uow, name), by)

    def let_in(self, name: str, *, is_let_in: bool = True, by: object = None) -> Annotator:
        """Gives a person items of main rounds however they did in the qualification, or no longer does.

        Raises:
            InputError: There is nobody of this name.
        """
        return self._file.edit(
            f"Let {name} in" if is_let_in else f"Let {name} in no longer",
            lambda uow: edits_people.change_annotator(uow, name, is_let_in=is_let_in),
            by,
        )

    # Gold

    def set_gold(self, chain: ChainKey, answer: Answer | None = None, *, note: str = "", by: object = None) -> Gold:
        """Makes a chain gold: its answer is known, and it is asked to see how people do.

        Args:
            chain: The version, as it is seen.
            answer: What a careful person answers; the chain's label, else its proposed answer, when None.
            note: Free text.
            by: Who asked, for `on_commit`.

        Raises:
            InputError: There is no such chain, or it has been replaced.
        """
        return self._file.edit("Set gold", lambda uow: edits_people.set_gold(uow, chain, answer, note), by)

    def drop_gold(self, chain: ChainKey, *, by: object = None) -> None:
        """Makes a chain an ordinary one again; what was answered to it as gold stays that.

        Raises:
            InputError: It is no gold.
        """
        self._file.edit("Remove gold", lambda uow: edits_people.drop_gold(uow, chain), by)

    # Rounds

    def plan_round(self, terms: RoundTerms) -> RoundPlan:
        """What `open_round` would give whom. Raises as it does."""
        with self._file.read() as read:
            return edits_people.plan(read, terms, edits_people.round_seed(read, terms, self._file.seed))

    def open_round(self, terms: RoundTerms | None = None, *, by: object = None) -> Round:
        """Opens a round: writes down who is asked what, in which order.

        Raises:
            InputError: A person or chain cannot take part, or there is nothing to ask.
        """
        asked = terms or RoundTerms()
        return self._file.edit(
            f"Open a {asked.kind.value} round",
            lambda uow: edits_people.open_round(uow, asked, self._file.seed),
            by,
        )

    def close_round(self, number: int, *, by: object = None) -> None:
        """Closes a round: nothing of it can be answered or reopened. All that was answered stays.

        Raises:
            InputError: There is no such round, or it is closed.
        """
        self._file.edit(f"Close round {number}", lambda uow: edits_people.close_round(uow, number), by)

    def reopen_round(self, number: int, *, by: object = None) -> None:
        """Opens a closed round again.

        Raises:
            InputError: There is no such round, or it is open.
        """
        self._file.edit(f"Reopen round {number}", lambda uow: edits_people.close_round(uow, number, is_open=True), by)

    # Answering

    def blind(self, annotator: str, round: int | None = None, *, by: object = None) -> ProjectBlindSource:
        """One person's questions, without anything that would help to answer them.

        Args:
            annotator: Who answers.
            round: The round; None for the person's own: a qualification first, then the oldest with something left.
            by: Who causes this person's writes, for `on_commit`.

        Raises:
            InputError: There is no such person or round.
        """
        from hopchain_core.project_blind import ProjectBlindSource

        return ProjectBlindSource(self._file, annotator, round, by)

    def merge_answers(self, answers: Sequence[Annotation], *, text: str, by: object = None) -> MergedAnswers:
        """Takes in answers that were given elsewhere, all of them in one step of undo, or none.

        Where a person has answered the same version here, the later answer stands, and of two given at one moment the
        same one on every machine: so the order of merging does not matter, and merging again changes nothing.

        Args:
            answers: Each with the moment it was given.
            text: Of the step.
            by: Who asked, for `on_commit`.

        Raises:
            InputError: A chain, annotator or round is not in this project, or a moment is missing.
        """
        return self._file.edit(text, lambda uow: edits_answers.merge_answers(uow, answers), by)

    # Adjudication

    def adjudicate(
        self, chain: ChainKey, label: Answer, *, adjudicator: str, reason: str = "", by: object = None
    ) -> None:
        """Decides on the number of a question that people have answered; recorded as one person's decision.

        Raises:
            InputError: There is no such chain, it has been replaced, or nobody has answered it.
        """
        decision = Adjudication(
            chain=chain, kind=AdjudicationKind.LABEL, label=label, adjudicator=adjudicator, reason=reason.strip()
        )
        self._file.edit("Adjudicate", lambda uow: edits_people.adjudicate(uow, decision), by)

    def refuse_chain(self, chain: ChainKey, *, adjudicator: str, reason: str, by: object = None) -> None:
        """Drops a question that people have answered.

        Raises:
            InputError: As `adjudicate`, or the reason is empty.
        """
        decision = Adjudication(
            chain=chain, kind=AdjudicationKind.REFUSED, label=None, adjudicator=adjudicator, reason=reason.strip()
        )
        self._file.edit("Refuse chain", lambda uow: edits_people.adjudicate(uow, decision), by)

    def send_back(
        self, chain: ChainKey, *, adjudicator: str, reason: str = "", by: object = None, **changes: Any
    ) -> Chain:
        """Edits a question that people have answered, as `edit_chain`: the new version is asked in the next round.

        Raises:
            InputError: As `adjudicate`, or nothing was changed.
        """
        edited: Chain = self._file.edit(
            "Send chain back", lambda uow: edits_people.send_back(uow, chain, adjudicator, reason, changes), by
        )
        return edited

    def take_back_adjudication(self, chain: ChainKey, *, by: object = None) -> None:
        """Removes an adjudicator's decision, so that the question waits for one again.

        Raises:
            InputError: There is none, or the question was sent back and its new version is there.
        """
        self._file.edit("Take back adjudication", lambda uow: edits_people.take_back_adjudication(uow, chain), by)
