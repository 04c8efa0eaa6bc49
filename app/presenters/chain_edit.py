"""Editing a chain in place: what is typed, what the rules and the masks say of it, saving, and drafts that are never lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from app.models.chain_draft import Draft, keys_of
from app.models.draft_picks import Pick, PickField, toggled
from app.models.operation_fit import Kind, kind_of, picture_words
from app.presenters.chain_recompute import Checked, Difference, check_chain
from app.presenters.draft_keeper import DraftKeeper
from app.presenters.draft_store import Kept
from app.presenters.edit_hops import EditHops
from app.presenters.edit_standing import Look, look
from app.studio import Studio, Toast
from hopchain_core.domain.chains import Chain, Reference
from hopchain_core.domain.keys import ChainKey, InstanceKey
from hopchain_core.domain.programs.facts import PictureFacts
from hopchain_core.errors import InputError
from hopchain_core.project import StoredChain

CHECK_AFTER_MS = 150
"""Rules run again this long after the last key."""
_TABLES = frozenset(
    {"image", "category", "instance", "chain", "work", "mark", "annotation", "rollout", "verdict", "finding"}
)


class ChainEdit(EditHops):
    """One chain being edited at a time. All its words are plain text.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._bridge = studio.bridge
        self._drafts = DraftKeeper(studio)
        self._project = ""
        self._follow: ChainKey | None = None
        self._toggles: list[tuple[Draft, Draft]] = []
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(CHECK_AFTER_MS)
        self._soon.timeout.connect(self._check)
        self.drafted.connect(self._keep)
        self.refused.connect(lambda text: studio.toast(text, "warn"))
        self._bridge.changed.connect(self._react)
        studio.project_changed.connect(self._leave_project)
        self._drafts.tell()

    # What is edited

    def begin(self, stored: StoredChain, facts: PictureFacts) -> None:
        """Begins with a version, or goes on with the draft that was kept of it."""
        project = self._studio.project
        if project is None or self._studio.is_read_only:
            self._studio.toast("This project is open for reading only: nothing can be edited.", "warn")
            return
        if self._draft is not None and self._draft.base.key == stored.chain.key:
            return
        self.put_aside()
        self._project = project.uuid
        self._see(facts)
        self._checked = self._look = None
        self._steps.clear()
        names = picture_words(facts)
        kept = self.kept_for(_lineage(stored))
        self._resumed = ""
        self._draft = Draft.of(stored, names)
        if kept is not None:
            self._draft = replace(kept.draft, names=names)
            self._resumed = kept.written_at
            if not self._draft.is_changed or _says_the_same(self._draft, stored.chain):
                self._drafts.drop(kept)
                self._draft, self._resumed = Draft.of(stored, names), ""
        self.began.emit()
        self.changed.emit()
        self._check()
        self._look_again()

    # Changes

    def set_question(self, text: str) -> None:
        """As a person types it."""
        self._take(replace(self.state, question=text))

    def set_answer(self, text: str) -> None:
        """As a person types it; what is no number is kept and refused when saving."""
        self._take(replace(self.state, answer_text=text))

    def set_instances(self, keys: Iterable[InstanceKey]) -> None:
        """Chooses the instances of the chain."""
        self._choose(replace(self.state, instances=tuple(dict.fromkeys(keys))))

    def take(self, hop: int | None) -> None:
        """Takes what recomputing gives: for a hop, or for the answer (None)."""
        found = self.differences.get(hop)
        if found is not None and found.can_take:
            self._choose(_taken(self.state, found), by_hand=False)

    def take_all(self) -> None:
        """Takes everything that recomputing gives."""
        draft = self.state
        for found in self.differences.values():
            draft = _taken(draft, found) if found.can_take else draft
        self._choose(draft, by_hand=False)

    def step_back(self) -> None:
        """Takes back the last choice other than typing: instances, needs, levels, what was taken, the last pick."""
        steps = self._steps if self._pick is None else self._toggles
        if steps:
            before, after = steps.pop()
            self._take(self.state.stepped_back(before, after), by_hand=False)

    # Picking instances on the picture

    def begin_pick(self, pick: Pick) -> None:
        """Begins to pick; what is picked counts at once."""
        self._removing = None
        self._pick = (pick, self.state)
        self._toggles.clear()
        self.changed.emit()

    def toggle(self, key: InstanceKey) -> None:
        """Picks an instance, or no longer. Where one object is found, another takes its place."""
        if self._pick is None or key not in self.names:
            return
        pick, before = self._pick[0], self.state
        draft = toggled(before, pick, key)
        if pick.field is PickField.ESTABLISHES:
            was, hop = before.hop(pick.hop), draft.hop(pick.hop)
            # An output that names the object goes on naming it: "piece of broccoli 4" as "piece of broccoli 2".
            old, new, said = self._named(was.establishes), self._named(hop.establishes), was.output.strip()
            if old and new and (said == old or (said.endswith(f" {old}") and _kind(old) == _kind(new))):
                draft = draft.with_hop(hop.index, output=f"{said.removesuffix(old)}{new}")
        if draft != before:
            self._toggles.append((before, draft))
            self._take(draft, by_hand=False)

    def _named(self, references: tuple[Reference, ...]) -> str:
        keys = keys_of(references)
        return self.names.get(keys[0], "") if len(keys) == 1 and kind_of(references) is Kind.OBJECT else ""

    def end_pick(self, *, is_kept: bool = True) -> None:
        """Ends picking.

        Args:
            is_kept: Otherwise everything is as it was before.
        """
        if self._pick is None:
            return
        before, now = self._pick[1], self.state
        self._pick = None
        if not is_kept:
            self._take(now.stepped_back(before, now))
        elif before != now:
            self._steps.append((before, now))
        self.changed.emit()

    # The end

    def save(self, then: Callable[[Chain], object] | None = None) -> bool:
        """Makes the new version.

        Args:
            then: Called with it once it is in the project.

        Returns:
            Whether it is on its way. Otherwise the reason is told, and everything stays as it was typed.
        """
        if self._draft is None or self._is_saving:
            return False
        draft = self._draft
        refused = draft.answer_refusal
        if refused:
            self._studio.toast(f"The answer cannot be saved. {refused}", "warn")
            return False
        unasked = next(
            (h.index for h, i in zip(draft.saved_hops, draft.ids, strict=True) if i < 0 and not h.sub_question), 0
        )
        if unasked:
            self._studio.toast(f"Hop {unasked} asks nothing yet. Write its sub-question, or remove it.", "warn")
            return False
        if not draft.changes:
            self._studio.toast("Nothing has been changed, so there is nothing to save.")
            return False
        if self.is_stale:
            self._studio.toast(self.stale_words, "warn")
            return False
        project = self._studio.need_project()
        changes, key, uuid = draft.changes, draft.base.key, self._project
        self._is_saving = True
        self.changed.emit()

        def done(chain: Chain) -> None:
            self._is_saving = False
            self._drafts.forget(uuid, draft)
            if self._draft == draft:
                self._end()
            elif self._draft is not None and self._draft.base.key == key:
                # Something was typed meanwhile: it goes on, on the new version.
                self._follow = chain.key
                self._look_again()
            self._studio.toast_asked.emit(
                Toast(text=f"Saved as version {chain.version}.", kind="ok", action="Undo", run=self._studio.undo)
            )
            self.saved.emit(chain)
            if then is not None:
                then(chain)

        def fail(error: Exception) -> None:
            self._is_saving = False
            self._look_again()
            self.changed.emit()
            if isinstance(error, InputError):
                self._studio.toast(f"{error.line} What you wrote is kept.", "warn")
            else:
                self._studio.show_error(error)

        self._bridge.edit(lambda: project.edit_chain(key, by=self, **changes), done, failed=fail)
        return True

    def rebase(self) -> None:
        """Goes on, with what was changed, on the version that is seen now."""
        if self._draft is None or self._look is None or self._look.seen is None:
            return
        old, seen = self._draft, self._look.seen
        self._follow = None
        self._steps.clear()
        self._pick = None
        self._drafts.forget(self._project, old)
        self._look = None
        self._take(old.rebased(seen), by_hand=False)
        self._look_again()

    def restart(self) -> None:
        """Throws away what was changed and goes on with the version as it is."""
        if self._draft is None:
            return
        stored = StoredChain(self._draft.number, self._draft.base, None)
        if self._look is not None and self._look.seen is not None:
            stored = self._look.seen
        self._drafts.forget(self._project, self._draft)
        self._steps.clear()
        self._pick = None
        self._resumed = ""
        self._checked = self._removing = None
        self._draft = Draft.of(stored, self._draft.names)
        self.replaced.emit()
        self.changed.emit()
        self._check()
        self._look_again()

    def discard(self) -> None:
        """Throws away what was changed and ends."""
        if self._draft is not None:
            self._drafts.forget(self._project, self._draft)
            self._end()

    def put_aside(self) -> None:
        """Ends, and keeps what was changed as a draft: another chain is opened, or the project goes."""
        if self._draft is not None:
            self._drafts.keep(self._project, self._draft)
            self._end()

    # Drafts

    def kept_for(self, versions: Iterable[ChainKey]) -> Kept | None:
        """The draft that was kept of a chain, by any of its versions."""
        return self._drafts.find(versions)

    def kept_drafts(self) -> tuple[Kept, ...]:
        """All drafts of the open project, the newest first."""
        return self._drafts.all()

    def throw_away(self, kept: Kept) -> None:
        """Throws a draft away that is not being edited."""
        self._drafts.drop(kept)
        self.changed.emit()

    # Inside

    def _keep(self) -> None:
        self._drafts.keep(self._project, self.state)
        self._soon.start()

    def _check(self) -> None:
        self._soon.stop()
        facts = self._facts
        # The window may have closed since the last key.
        if self._draft is None or facts is None or self._studio.project is None:
            return
        chain = self._draft.chain
        self._token += 1
        token = self._token

        def take(found: Checked) -> None:
            if token == self._token and self._draft is not None:
                self._checked = found
                self.checked.emit()
                self.changed.emit()

        self._bridge.ask(lambda: check_chain(chain, facts), take, key=("chain edit", id(self)))

    def _look_again(self) -> None:
        draft = self._draft
        if draft is None or self._studio.project is None:
            return
        base = draft.base

        def take(found: Look) -> None:
            if self._draft is None or self._draft.base.key != base.key:
                return
            self._look = found
            if found.seen is not None and found.seen.chain.key == self._follow:
                self.rebase()
                return
            if found.facts is not None and not _is_same_picture(found.facts, self._facts):
                self._see(found.facts)
                self._draft = replace(self._draft, names=picture_words(found.facts))
                self._check()
            self.changed.emit()

        self._bridge.read(lambda read: look(read, base), take, key=("chain edit look", id(self)))

    def _react(self, tables: frozenset[str], by: object) -> None:
        # What this edit itself saved is told when it is saved.
        if self._draft is not None and tables & _TABLES and by is not self:
            self._look_again()

    def _leave_project(self) -> None:
        self.put_aside()
        self._drafts.tell()

    def _end(self) -> None:
        self._token += 1
        self._soon.stop()
        self._draft = self._checked = self._look = self._pick = self._removing = None
        self._resumed = ""
        self._steps.clear()
        self.ended.emit()
        self.changed.emit()


def _kind(name: str) -> str:
    """What an instance is, of a name such as "bowl 2"."""
    kind, _, number = name.rpartition(" ")
    return kind if number.isdecimal() else name


def _lineage(stored: StoredChain) -> tuple[ChainKey, ...]:
    chain = stored.chain
    return (chain.key,) if chain.supersedes is None else (chain.key, chain.supersedes)


def _says_the_same(draft: Draft, chain: Chain) -> bool:
    """A draft of which everything is in a version already, such as when the studio was killed right after saving."""
    mine = draft.chain
    same = (mine.question, mine.hops, mine.instances) == (chain.question, chain.hops, chain.instances)
    return same and draft.answer == chain.answer


def _is_same_picture(one: PictureFacts, other: PictureFacts | None) -> bool:
    # Instances are told by their keys; their masks need not be compared.
    return other is not None and one.by_key.keys() == other.by_key.keys() and one.uncountable == other.uncountable


def _taken(draft: Draft, found: Difference) -> Draft:
    if found.hop is None:
        return replace(draft, answer_text=found.output)
    return draft.with_hop(found.hop, establishes=found.establishes, output=found.output)
