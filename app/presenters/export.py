"""Shows what an export would write and leave out, and writes it."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from app.studio import Studio
from hopchain_core.errors import InputError, KnownError
from hopchain_core.exporting import (
    WHAT_TO_DO,
    BucketsBy,
    ExportCancelledError,
    ExportProgress,
    ExportStep,
    ExportSummary,
    Format,
    LeftOutError,
    Order,
    Preview,
    PreviewRow,
    Reason,
    Terms,
    Variant,
    can_be_relative,
    missing_for,
    row_text,
)

_TERMS = "export.terms"
_FOLDER = "export.folder"
_SHAPE = frozenset({"format", "relative", "shard_size", "keep_metadata", "order", "seed", "buckets", "buckets_by"})
"""What changes how chains are written and not which."""
_TELL_EVERY_S = 0.1
REFRESH_AFTER_MS = 120
"""Several switches in a row are looked at once. Chosen."""


class ExportPresenter(QObject):
    """Looks ahead under the terms at hand; every change looks again.

    Args:
        studio: What everything shares.
        parent: Owner.
    """

    terms_changed = Signal(object)
    """`Terms`."""
    looking = Signal(int, int)
    """Chains looked at and chains in all; (0, 0) once it is over."""
    preview_shown = Signal(object)
    """`Preview`."""
    record_shown = Signal(object, str, bool)
    """(`PreviewRow`, text, whether the text is a record and not a reason)."""
    writing = Signal(object)
    """`ExportProgress`; None once it is over."""
    wrote = Signal(object)
    """`ExportSummary`."""
    refused = Signal(str)
    """Why nothing was written."""
    list_refused = Signal(str)
    """Why the list of pictures to leave out cannot be read; nothing is shown then."""
    shape_changed = Signal()
    """The same chains are written otherwise."""

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._studio = studio
        self._terms = _terms_from(self._kept(_TERMS))
        self._cancel_look = threading.Event()
        self._cancel_write = threading.Event()
        self._is_writing = False
        self._is_active = False
        self._is_stale = True
        self._is_looking = False
        self.preview: Preview | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(REFRESH_AFTER_MS)
        self._soon.timeout.connect(self.look)
        studio.bridge.changed.connect(self._follow)

    @property
    def terms(self) -> Terms:
        """What is asked for."""
        return self._terms

    @property
    def is_writing(self) -> bool:
        """An export is being written."""
        return self._is_writing

    @property
    def folder(self) -> str:
        """Where the export goes: what was chosen last for this project, or a folder beside it."""
        project = self._studio.project
        if project is None:
            return ""
        kept = self._kept(_FOLDER)
        return kept if isinstance(kept, str) else str(project.folder / f"{project.path.stem}-export")

    def set_folder(self, folder: str) -> None:
        """Chooses where the export goes."""
        if folder.strip():
            self._keep(_FOLDER, folder.strip())

    @property
    def missing(self) -> str:
        """What has to be installed before this format can be written; empty when nothing is missing."""
        return missing_for(self._terms.format)

    def choose(self, **changes: Any) -> None:
        """Changes the terms; what the format cannot take is given up."""
        before, terms = self._terms, replace(self._terms, **changes)
        if terms.without and terms.without != before.without:
            # A person means the folder that the project lies in; a process may have been started anywhere.
            folder = self._studio.need_project().folder
            terms = replace(terms, without=str(folder / Path(terms.without).expanduser()))
        if not can_be_relative(terms.format):
            terms = replace(terms, relative=False)
        if terms.variant is not Variant.FULL:
            # Shortened questions have no pass rate.
            terms = replace(terms, buckets=0, order=Order.PICTURES if terms.order.needs_rates else terms.order)
        if terms == before:
            return
        self._terms = terms
        self._keep(_TERMS, asdict(terms))
        self.terms_changed.emit(terms)
        if all(getattr(terms, f.name) == getattr(before, f.name) for f in fields(Terms) if f.name not in _SHAPE):
            self.shape_changed.emit()
        else:
            self._ask_again()

    def _kept(self, name: str) -> object:
        """What was chosen last for this project."""
        project, kept = self._studio.project, self._studio.settings.get(name, {})
        return kept.get(str(project.path)) if project is not None and isinstance(kept, dict) else None

    def _keep(self, name: str, value: object) -> None:
        project, kept = self._studio.project, self._studio.settings.get(name, {})
        if project is not None:
            self._studio.settings.set(name, {**(kept if isinstance(kept, dict) else {}), str(project.path): value})

    def set_active(self, is_active: bool) -> None:
        """The space is shown, or another is."""
        self._is_active = is_active
        if is_active and self._is_stale:
            self._soon.start(0)
        if not is_active:
            self._is_stale |= self._is_looking
            self._cancel_look.set()

    def look(self) -> None:
        """Looks at every chain again."""
        project = self._studio.project
        if project is None:
            return
        self._cancel_look.set()
        cancelled = self._cancel_look = threading.Event()
        terms, told = self._terms, _Pace()
        self._is_stale = False
        self._is_looking = True

        def progress(done: int, total: int) -> None:
            if told.is_due():
                self._studio.bridge.post(lambda: None if cancelled.is_set() else self.looking.emit(done, total))

        def show(found: Preview | None) -> None:
            if found is not None and not cancelled.is_set():
                self.preview = found
                self.preview_shown.emit(found)

        def first(found: Preview) -> None:
            self._studio.bridge.post(lambda: show(found))

        def then(found: Preview | None) -> None:
            if cancelled.is_set():
                return
            self._is_looking = False
            self.looking.emit(0, 0)
            show(found)

        def fail(error: Exception) -> None:
            if cancelled.is_set():
                return
            self._is_looking = False
            self.looking.emit(0, 0)
            if terms.without and isinstance(error, InputError):
                self.preview = None
                self.list_refused.emit(error.line)
            else:
                self._studio.show_error(error)

        self._studio.bridge.ask(
            lambda: project.export_preview(terms, progress=progress, is_cancelled=cancelled.is_set, first=first),
            then,
            key="export-preview",
            failed=fail,
        )

    def show_record(self, row: PreviewRow) -> None:
        """Shows one chain's record, or why it has none."""
        project = self._studio.project
        if project is None:
            return
        if row.reason is not None:
            self.record_shown.emit(row, reason_text(row), False)
            return
        terms, out = self._terms, Path(self.folder).expanduser()

        def work() -> tuple[str, bool]:
            try:
                record = project.export_record(row.number, terms)
                return row_text(record, out, terms.format, is_relative=terms.relative), True
            except LeftOutError as error:
                return reason_text(replace(row, reason=error.reason, detail=str(error))), False

        self._studio.bridge.ask(work, lambda found: self.record_shown.emit(row, *found), key="export-record")

    def export(self, folder: str) -> None:
        """Writes it."""
        project = self._studio.project
        if project is None or self._is_writing:
            return
        self.set_folder(folder)
        self._is_writing = True
        cancelled = self._cancel_write = threading.Event()
        terms, bridge = self._terms, self._studio.bridge
        chains = len(self.preview.rows) if self.preview is not None else 0
        self.writing.emit(ExportProgress(step=ExportStep.RECORDS, done=0, total=chains))

        def watch(told: ExportProgress) -> None:
            bridge.post(lambda: self.writing.emit(told) if self._is_writing else None)

        async def work() -> None:
            try:
                summary = await bridge.work(
                    lambda: project.export(Path(folder).expanduser(), terms, is_cancelled=cancelled.is_set, watch=watch)
                )
            except ExportCancelledError as error:
                self._end_writing()
                self._studio.toast(str(error))
            except KnownError as error:
                self._end_writing()
                self.refused.emit(error.line)
            except OSError as error:
                self._end_writing()
                self.refused.emit(f"{folder} cannot be written to: {error.strerror or error}")
            except BaseException:
                self._end_writing()
                raise
            else:
                self._end_writing()
                self._tell(summary)

        self._studio.spawn(work())

    def cancel(self) -> None:
        """Stops writing; nothing is left behind."""
        self._cancel_write.set()

    def _end_writing(self) -> None:
        self._is_writing = False
        self.writing.emit(None)

    def _tell(self, summary: ExportSummary) -> None:
        self.wrote.emit(summary)

    def _follow(self, tables: frozenset[str], by: object) -> None:
        self._ask_again()

    def _ask_again(self) -> None:
        self._is_stale = True
        if self._is_active:
            self._soon.start(REFRESH_AFTER_MS)


class _Pace:
    """Lets through ten words a second."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def is_due(self) -> bool:
        """Whether it is time for another one."""
        now = time.monotonic()
        if now - self._last < _TELL_EVERY_S:
            return False
        self._last = now
        return True


def reason_text(row: PreviewRow) -> str:
    """Why a chain is left out, as a sentence."""
    if row.reason is None:
        return ""
    text = WHAT_TO_DO[row.reason]
    return f"{text[:1].upper()}{text[1:]}.{f' {row.detail}' if row.detail else ''}"


def reason_word(reason: Reason) -> str:
    """A reason in two or three words, for a filter."""
    return reason.value.replace("_", " ").capitalize()


def _terms_from(kept: object) -> Terms:
    """Terms as the settings hold them; what is not understood has its default."""
    if not isinstance(kept, Mapping):
        return Terms()
    plain = {f.name: kept[f.name] for f in fields(Terms) if type(kept.get(f.name)) is type(f.default)}
    return replace(
        Terms(**plain),
        variant=_one_of(Variant, kept, "variant"),
        format=_one_of(Format, kept, "format"),
        order=_one_of(Order, kept, "order"),
        buckets_by=_one_of(BucketsBy, kept, "buckets_by"),
    )


_Choice = TypeVar("_Choice", Variant, Format, Order, BucketsBy)


def _one_of(kind: type[_Choice], kept: Mapping[Any, Any], name: str) -> _Choice:
    try:
        return kind(str(kept.get(name)))
    except ValueError:
        return next(iter(kind))
