"""Every error of ours, as a tree.

HopchainError
├── KnownError              the world or the user; carries a hint that says what to do
│   ├── ProjectError        a project file that cannot be used as asked
│   │   ├── ProjectMissingError    there is no such file
│   │   ├── ProjectForeignError    a file, but not a project of ours
│   │   ├── ProjectDamagedError    ours, but SQLite finds it broken
│   │   ├── ProjectTooNewError     written by a newer version
│   │   ├── ProjectLockedError     another process is writing to it
│   │   └── ProjectUnwritableError  it, or its folder, may not be written to
│   ├── PacketError         a packet that cannot be used as asked
│   │   ├── PacketForeignError     no packet of ours, or of another project
│   │   ├── PacketDamagedError     ours, but broken
│   │   ├── PacketForgedError      not as this project sealed it
│   │   └── PacketTooNewError      made by a newer version
│   ├── InputError          a file, an import or an option that cannot be accepted
│   ├── PrerequisiteError   a missing package, model, endpoint or key
│   ├── RunEndedError       a run gave up because one failure repeated
│   └── StaleUndoError      what an undo would put back has changed since
└── ItemError               recorded on the work row of one item; never ends a run
    ├── PictureError        a picture that cannot be read, with its reason
    ├── BackendError        a model or server failed on this item
    └── StageError          our own code raised inside a stage: a bug, but the run goes on

Anything else is a bug and is reported as one.
"""

from __future__ import annotations


class HopchainError(Exception):
    """Root of all errors raised on purpose."""


class KnownError(HopchainError):
    """Something about the world or the user's input, with a hint that says what to do.

    Attributes:
        hint: One sentence in the imperative; empty when there is nothing to do.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    @property
    def line(self) -> str:
        """What happened and what to do, in one line."""
        text = " ".join(str(self).split())
        return f"{text} {self.hint}".strip()


class ProjectError(KnownError):
    """A project file that cannot be used as asked."""


class ProjectMissingError(ProjectError):
    """There is no project at this path."""


class ProjectForeignError(ProjectError):
    """The file exists but is not a HopChain project."""


class ProjectDamagedError(ProjectError):
    """The file is a project, but SQLite finds it broken."""


class ProjectTooNewError(ProjectError):
    """The project was written by a newer version of the program."""


class ProjectLockedError(ProjectError):
    """Another process holds the project for writing."""


class ProjectUnwritableError(ProjectError):
    """The file or its folder may not be written to; it can be opened for reading only."""


class PacketError(KnownError):
    """A packet that cannot be used as asked."""


class PacketForeignError(PacketError):
    """The file is not a packet, or it was made for another project."""


class PacketDamagedError(PacketError):
    """The file is a packet, but parts of it are broken."""


class PacketForgedError(PacketError):
    """What the packet holds is not what this project sealed."""


class PacketTooNewError(PacketError):
    """The packet was made by a newer version of the program."""


class InputError(KnownError):
    """A file, an import or an option that cannot be accepted."""


class PrerequisiteError(KnownError):
    """Something that has to be there first: a package, a model, an endpoint, a key."""


class RunEndedError(KnownError):
    """A run gave up because the same failure came too often in a row."""


class StaleUndoError(KnownError):
    """What an undo or redo would put back has been changed since."""


class ItemError(HopchainError):
    """A failure of one item: recorded on its work row, its siblings go on.

    Attributes:
        kind: A short stable word for grouping failures, such as ``truncated``.
    """

    kind = "item"

    def __init__(self, message: str, *, kind: str | None = None) -> None:
        super().__init__(message)
        if kind is not None:
            self.kind = kind


class PictureError(ItemError):
    """A picture that cannot be read or accepted; `kind` is the reason."""

    kind = "picture"


class BackendError(ItemError):
    """A model or a server failed on this item."""

    kind = "backend"


class StageError(ItemError):
    """Our own code raised inside a stage. It is a bug, kept with its traceback."""

    kind = "bug"
