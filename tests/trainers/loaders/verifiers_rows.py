"""Reads an export through a `Taskset` of verifiers, which checks each row against its own types of messages."""

import base64
import io
import json
import sys
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import verifiers.v1 as vf
from PIL import Image

file = Path(sys.argv[1])


class Data(vf.TaskData):
    answer: str


class Question(vf.Task[Data, vf.State, vf.TaskConfig]):
    pass


class Questions(vf.Taskset[Question, vf.TasksetConfig]):
    def load(self) -> Iterable[Question]:
        for line in file.open(encoding="utf-8"):
            row = json.loads(line)
            yield Question(Data(id=row["info"]["id"], prompt=row["prompt"], answer=row["answer"]))


rows = []
for task in Questions(vf.TasksetConfig()):
    [message] = task.data.prompt
    pictures = [part.image_url.url for part in message.content if part.type == "image_url"]
    opened = [Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) for url in pictures]
    rows.append(
        {
            "id": task.data.id,
            "answer": task.data.answer,
            "prompt": "".join(part.text for part in message.content if part.type == "text"),
            "sizes": [list(picture.size) for picture in opened],
        }
    )
print("rows: " + json.dumps({"version": version("verifiers"), "rows": rows}))
