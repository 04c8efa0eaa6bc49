"""Rollouts over HTTP, beside a bare loop of httpx2 with as many requests in flight.

The server stands in a process of its own, answers after 200 ms and does nothing else, so what is measured is what we
add: reading and encoding pictures, admission, reading answers. Both send the same bytes. The same requests, too, with
a model that takes no time at all.
"""

from __future__ import annotations

import asyncio
import base64
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
from PIL import Image as Pillow

from hopchain_core.backends.protocols import SolveRequest
from hopchain_core.backends.vlm.client import ChatClient
from hopchain_core.backends.vlm.endpoint import Endpoint
from hopchain_core.backends.vlm.pictures import whole_picture
from hopchain_core.backends.vlm.solver import SolverOptions, VlmSolver
from hopchain_core.domain.images import Image
from hopchain_core.domain.keys import ImageKey
from hopchain_core.pictures.decode import sha256_of
from hopchain_core.prompts import prompt
from hopchain_core.rlvr.reward import read_answer
from tests.core.domain.chain_examples import BIRDS

REQUESTS = 1536
"""So many that what a first request costs (threads, connections, prompts) does not show."""
IN_FLIGHT = 64
CHAINS_OF_A_PICTURE = 8
SERVER = """
import sys, time
from tests.core.backends.vlm.fake_server import FakeServer, serving
from tests.core.backends.vlm.author import speak
with serving(FakeServer(speak=speak, latency_s=float(sys.argv[1]))) as fake:
    print(fake.url, flush=True)
    sys.stdin.read()
"""


def run() -> list[dict[str, Any]]:
    """Rollouts a second, ours and bare."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        pictures = _pictures(Path(folder))
        for latency_s in (0.2, 0.0):
            with _server(latency_s) as url:
                ours = asyncio.run(_ours(url, pictures))
                bare = asyncio.run(_bare(url, pictures))
            rows.append(
                {
                    "name": f"rollouts, a reply after {latency_s * 1000:.0f} ms",
                    "ours": ours,
                    "other_name": "bare httpx2",
                    "other": bare,
                    "unit": "rollouts/s",
                    "note": f"{IN_FLIGHT} in flight, pictures of 640 x 480, {CHAINS_OF_A_PICTURE} questions each",
                }
            )
    return rows


def _pictures(folder: Path) -> list[tuple[Image, Path]]:
    random = np.random.default_rng(0)
    made = []
    for number in range(REQUESTS // CHAINS_OF_A_PICTURE):
        path = folder / f"{number}.jpg"
        blocks = random.integers(0, 256, (24, 32, 3), dtype=np.uint8)
        Pillow.fromarray(np.kron(blocks, np.ones((20, 20, 1), np.uint8))).save(path, quality=90)
        made.append((Image(key=ImageKey(sha256_of(path)), path=path.name, width_px=640, height_px=480), path))
    return made


@contextmanager
def _server(latency_s: float) -> Iterator[str]:
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(latency_s)],
        cwd=root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


async def _ours(url: str, pictures: list[tuple[Image, Path]]) -> float:
    solver = VlmSolver(ChatClient(Endpoint(url=url, model="tiny", most_in_flight=IN_FLIGHT)), SolverOptions())
    waiting = asyncio.Semaphore(IN_FLIGHT)

    async def one(number: int) -> None:
        image, path = pictures[number // CHAINS_OF_A_PICTURE]
        chain = replace(BIRDS, question=f"{BIRDS.question} ({number})")
        request = SolveRequest(image=image, path=path, chain=chain, instances=(), categories=(), indices=(0,), seed=0)
        async with waiting:
            await solver.solve(request)

    began = time.perf_counter()
    await asyncio.gather(*(one(number) for number in range(REQUESTS)))
    seconds = time.perf_counter() - began
    await solver.aclose()
    return REQUESTS / seconds


async def _bare(url: str, pictures: list[tuple[Image, Path]]) -> float:
    waiting = asyncio.Semaphore(IN_FLIGHT)
    limits = httpx2.Limits(max_connections=None, max_keepalive_connections=IN_FLIGHT)
    began = time.perf_counter()
    async with httpx2.AsyncClient(base_url=url + "/", trust_env=False, timeout=60.0, limits=limits) as http:
        parts: dict[int, str] = {}

        async def one(number: int) -> None:
            place = number // CHAINS_OF_A_PICTURE
            async with waiting:
                if place not in parts:
                    content = whole_picture(pictures[place][1]).content
                    parts[place] = f"data:image/jpeg;base64,{base64.b64encode(content).decode()}"
                words = prompt("solve").filled(question=f"{BIRDS.question} ({number})")
                content_parts = [
                    {"type": "image_url", "image_url": {"url": parts[place]}},
                    {"type": "text", "text": words},
                ]
                body = {"model": "tiny", "messages": [{"role": "user", "content": content_parts}], "max_tokens": 4096}
                response = await http.post("chat/completions", json=body)
                read_answer(response.json()["choices"][0]["message"]["content"])

        await asyncio.gather(*(one(number) for number in range(REQUESTS)))
    return REQUESTS / (time.perf_counter() - began)


if __name__ == "__main__":
    for row in run():
        print(f"{row['name']}: {row['ours']:.0f} against {row['other']:.0f} {row['unit']}")
