"""Sends an export to a hub that speaks Hugging Face's protocol. Sending again sends only what is not there yet."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hopchain_core.errors import InputError, KnownError, PrerequisiteError
from hopchain_core.export.public import Public, PublicFile
from hopchain_core.export.target import MANIFEST

FILES_AT_ONCE = 50
BYTES_AT_ONCE = 500_000_000
"""Of one commit: what is lost when the net goes away is less than one. Chosen."""
KEYRING = ("hopchain-studio", "huggingface")
"""Service and name under which the system's keyring may hold a token."""
_OWN = frozenset({".gitattributes", "README.md"})
"""Files that a hub makes itself."""


class HubError(KnownError):
    """The hub refused, or could not be reached. What was sent is there; sending again goes on from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of it.

    Attributes:
        url: Where the data set lies.
        sent: Files sent now.
        there: Files that were there already.
        removed: Files of the repository that were taken away.
    """

    url: str
    sent: int
    there: int
    removed: int


def token() -> str:
    """The token, from ``HF_TOKEN``, the system's keyring, or where `hf auth login` left it.

    Raises:
        PrerequisiteError: There is none, or the package is missing.
    """
    hub = _package()
    found = os.environ.get("HF_TOKEN", "").strip() or _from_keyring() or hub.get_token()
    if not found:
        raise PrerequisiteError(
            "There is no token for the hub.",
            hint="Set HF_TOKEN, or run `hf auth login`. It needs the right to write to data sets.",
        )
    return str(found)


def send(
    public: Public,
    repo: str,
    *,
    token: str,
    is_private: bool = False,
    replaces: bool = False,
    endpoint: str | None = None,
    tell: Callable[[int, int], None] = lambda sent, total: None,
) -> Sent:
    """Makes the repository where there is none and sends what is not there yet; the manifest goes last.

    Args:
        public: What is to be sent.
        repo: ``NAME`` or ``OWNER/NAME``.
        token: With the right to write.
        is_private: Only its owner may see it.
        replaces: Take away what the repository holds besides.
        endpoint: The hub; as ``HF_ENDPOINT`` says if not given.
        tell: Told bytes that are there and bytes in all.

    Raises:
        InputError: The repository holds other files, or may be seen by others than asked, or has no such name.
        HubError: The hub refused, or could not be reached.
        PrerequisiteError: The package is missing.
    """
    hub = _package()
    hub.utils.disable_progress_bars()
    api = hub.HfApi(endpoint=endpoint or os.environ.get("HF_ENDPOINT") or None, token=token)
    with _plain_errors(hub, api.endpoint, repo):
        name = api.create_repo(repo, repo_type="dataset", private=is_private, exist_ok=True).repo_id
        if is_private and not api.repo_info(name, repo_type="dataset").private:
            raise InputError(f"{name} is there already and public.", hint="Name another repository.")
        remote = {
            f.path: f
            for f in api.list_repo_tree(name, repo_type="dataset", recursive=True)
            if isinstance(f, hub.hf_api.RepoFile)
        }
        foreign = sorted(set(remote) - {f.path for f in public.files} - _OWN)
        if foreign and not replaces:
            raise InputError(
                f"{name} holds {len(foreign)} files that are not part of this export, such as {foreign[0]}.",
                hint="Name another repository, or take them away with --replace.",
            )
        missing = [f for f in public.files if not _is_there(remote.get(f.path), f, public.folder)]
        there = sum(f.size_bytes for f in public.files) - sum(f.size_bytes for f in missing)
        tell(there, public.size_bytes)
        for batch in batches(missing):
            api.create_commit(
                name,
                [hub.CommitOperationAdd(path_in_repo=f.path, path_or_fileobj=f.source(public.folder)) for f in batch],
                commit_message=f"Add {batch[0].path}" + (f" and {len(batch) - 1} more" if len(batch) > 1 else ""),
                repo_type="dataset",
            )
            there += sum(f.size_bytes for f in batch)
            tell(there, public.size_bytes)
        if foreign:
            api.create_commit(
                name,
                [hub.CommitOperationDelete(path_in_repo=path) for path in foreign],
                commit_message="Remove what is not part of this export",
                repo_type="dataset",
            )
    return Sent(
        url=f"{api.endpoint}/datasets/{name}",
        sent=len(missing),
        there=len(public.files) - len(missing),
        removed=len(foreign),
    )


def batches(files: Sequence[PublicFile]) -> Iterator[list[PublicFile]]:
    """Files of one commit each; the manifest ends the last one."""
    batch: list[PublicFile] = []
    for file in sorted(files, key=lambda f: f.path == MANIFEST):
        size = sum(f.size_bytes for f in batch)
        if batch and (len(batch) == FILES_AT_ONCE or size + file.size_bytes > BYTES_AT_ONCE):
            yield batch
            batch = []
        batch.append(file)
    if batch:
        yield batch


def _is_there(remote: Any, file: PublicFile, folder: Path) -> bool:
    if remote is None or remote.size != file.size_bytes:
        return False
    if remote.lfs is not None:
        return bool(remote.lfs.sha256 == file.sha256)
    data = (folder / file.path).read_bytes() if file.content is None else file.content
    # Not for safety: the name that git gives to a file's content.
    return bool(remote.blob_id == hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest())


@contextmanager
def _plain_errors(hub: Any, endpoint: str, repo: str) -> Iterator[None]:
    import httpx2

    try:
        yield
    except Exception as error:
        # The client wraps what happens to a large file in a `RuntimeError`.
        cause = error.__cause__ if isinstance(error, RuntimeError) and error.__cause__ is not None else error
        match cause:
            case hub.errors.HFValidationError():
                raise InputError(f"{repo!r} is no name of a repository.", hint="Give it as OWNER/NAME.") from error
            case hub.errors.HfHubHTTPError():
                status = cause.response.status_code if cause.response is not None else 0
                said = str(getattr(cause, "server_message", "") or "").strip()
                raise HubError(_refusal(status, repo, said)) from error
            case hub.errors.OfflineModeIsEnabled() | httpx2.TransportError() | ConnectionError():
                raise HubError(
                    f"The hub at {endpoint} cannot be reached.",
                    hint="See that there is a network; the same command goes on from here.",
                ) from error
        raise


def _refusal(status: int, repo: str, said: str) -> str:
    known = {
        401: "The hub does not know this token. See that HF_TOKEN is right and not expired.",
        403: f"The token may not write to {repo}. Make one with the right to write, or name a repository of yours.",
        404: f"The hub knows no such owner or repository as {repo}, or hides it from this token.",
        409: f"Somebody else has just changed {repo}. Give the same command again.",
        413: "A file is larger than the hub takes. Export with a smaller --shard-size.",
        429: "The hub asks to wait: too many requests. Give the same command again later.",
    }
    text = known.get(status) or f"The hub refused with status {status}. The same command goes on from here."
    return f"{text} It says: {said}" if said else text


def _from_keyring() -> str:
    try:
        import keyring
    except ModuleNotFoundError:
        return ""
    try:
        return keyring.get_password(*KEYRING) or ""
    except Exception:  # backends raise errors of their own; without one there is simply no token
        return ""


def _package() -> Any:
    try:
        import huggingface_hub
        import huggingface_hub.errors
        import huggingface_hub.hf_api
        import huggingface_hub.utils
    except ImportError as error:
        raise PrerequisiteError(
            "Publishing needs huggingface_hub, which is not installed.",
            hint="Run `pip install hopchain-studio[publish]`.",
        ) from error
    return huggingface_hub
