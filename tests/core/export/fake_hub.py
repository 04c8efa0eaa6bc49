"""A hub on loopback: as much of Hugging Face's protocol as sending a data set needs.

Written after what huggingface_hub 2.4.0 sends (`_commit_api.py`, `lfs.py`): create, info, tree, validate-yaml, preupload,
the LFS batch with basic transfer, and commit as lines of JSON.
"""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TOKEN = "hf_right"
OWNER = "ann"


class FakeHub:
    """What the hub holds, and how it misbehaves.

    Attributes:
        repos: Files by repository and path.
        private: Repositories that only their owner sees.
        commits: Paths of each commit.
        uploads: Objects that were sent through LFS.
        refuse_commits_after: From so many commits on it answers 503; None for never.
        status: Answered to everything when not 0.
    """

    def __init__(self) -> None:
        self.repos: dict[str, dict[str, bytes]] = {}
        self.private: dict[str, bool] = {}
        self.commits: list[list[str]] = []
        self.uploads: dict[str, bytes] = {}
        self.refuse_commits_after: int | None = None
        self.status = 0
        self.url = ""

    def answer(self, method: str, path: str, body: bytes, token: str) -> tuple[int, Any]:
        route = path.partition("?")[0]
        if method == "PUT" and route.startswith("/upload/"):
            self.uploads[route.removeprefix("/upload/")] = body
            return 200, {}
        if self.status:
            return self.status, {"error": "not now"}
        if token != TOKEN:
            return 401, {"error": "Invalid credentials"}
        if route == "/api/repos/create":
            return self._create(json.loads(body))
        if route == "/api/validate-yaml":
            return 200, {"warnings": [], "errors": []}
        if route.endswith("/info/lfs/objects/batch"):
            return 200, self._batch(json.loads(body))
        parts = route.removeprefix("/api/datasets/").split("/")
        name, rest = "/".join(parts[:2]), parts[2:]
        if name not in self.repos:
            return 404, {"error": "Repository not found"}
        match rest[:1]:
            case []:
                return 200, {"id": name, "sha": "0" * 40, "private": self.private[name], "siblings": [], "tags": []}
            case ["tree"]:
                return 200, [self._entry(p, d) for p, d in sorted(self.repos[name].items())]
            case ["preupload"]:
                return 200, {"files": [self._mode(f) for f in json.loads(body)["files"]]}
            case ["commit"]:
                return self._commit(name, body)
        return 404, {"error": route}

    def _create(self, asked: dict[str, Any]) -> tuple[int, Any]:
        owner = asked.get("organization") or OWNER
        name = f"{owner}/{asked['name']}"
        if owner != OWNER:
            return 403, {"error": f"You don't have the rights to create a dataset under the namespace {owner}"}
        if name in self.repos:
            return 409, {"error": "You already created this dataset repo", "url": f"{self.url}/datasets/{name}"}
        self.repos[name] = {".gitattributes": b"*.parquet filter=lfs"}
        self.private[name] = bool(asked.get("private")) or asked.get("visibility") == "private"
        return 200, {"url": f"{self.url}/datasets/{name}", "name": name, "id": name}

    def _mode(self, file: dict[str, Any]) -> dict[str, Any]:
        is_large = file["path"].endswith((".parquet", ".png", ".jpg"))
        return {"path": file["path"], "uploadMode": "lfs" if is_large else "regular", "shouldIgnore": False}

    def _batch(self, asked: dict[str, Any]) -> dict[str, Any]:
        return {
            "transfer": "basic",
            "objects": [
                {
                    **o,
                    "authenticated": True,
                    "actions": {}
                    if o["oid"] in self.uploads
                    else {"upload": {"href": f"{self.url}/upload/{o['oid']}"}},
                }
                for o in asked["objects"]
            ],
        }

    def _commit(self, name: str, body: bytes) -> tuple[int, Any]:
        if self.refuse_commits_after is not None and len(self.commits) >= self.refuse_commits_after:
            return 400, {"error": "the line was cut"}
        paths = []
        for line in body.splitlines():
            item = json.loads(line)
            value = item["value"]
            if item["key"] == "file":
                self.repos[name][value["path"]] = base64.b64decode(value["content"])
            elif item["key"] == "lfsFile":
                self.repos[name][value["path"]] = self.uploads[value["oid"]]
            elif item["key"] == "deletedFile":
                del self.repos[name][value["path"]]
            else:
                continue
            paths.append(value["path"])
        self.commits.append(paths)
        return 200, {"commitUrl": f"{self.url}/datasets/{name}/commit/{'1' * 40}", "commitOid": "1" * 40}

    def _entry(self, path: str, data: bytes) -> dict[str, Any]:
        git = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        entry: dict[str, Any] = {"type": "file", "path": path, "size": len(data), "oid": git}
        if path.endswith((".parquet", ".png", ".jpg")):
            entry["lfs"] = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
        return entry


@contextmanager
def running_hub() -> Iterator[FakeHub]:
    """A hub that answers until the block ends."""
    hub = FakeHub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self._body()
            token = (self.headers.get("authorization") or "").removeprefix("Bearer ")
            status, data = hub.answer(self.command, self.path, body, token)
            text = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(text)))
            if status >= 400:
                self.send_header("X-Error-Message", data["error"])
                if status == 404:
                    self.send_header("X-Error-Code", "RepoNotFound")
            self.end_headers()
            self.wfile.write(text)

        def _body(self) -> bytes:
            if "chunked" not in (self.headers.get("transfer-encoding") or ""):
                return self.rfile.read(int(self.headers.get("content-length") or 0))
            parts = []
            while size := int(self.rfile.readline(), 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = _any  # noqa: N815

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
