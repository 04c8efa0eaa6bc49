"""Points and a box on one picture: the tracker on the vision pass that words have made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from transformers import Sam3TrackerModel

from hopchain_core.backends.sam3.model import Sam3, full_mask, prepared_picture
from hopchain_core.backends.sam3.points import NAMES, PointPrompt, Sam3Points, tracker_config
from hopchain_core.domain.geometry import Box, Point
from hopchain_core.errors import PrerequisiteError

INSIDE = PointPrompt(Point(160.0, 60.0), True)
OUTSIDE = PointPrompt(Point(20.0, 200.0), False)


@pytest.fixture(scope="module")
def sam3(tiny_sam3_whole: Path) -> Sam3:
    return Sam3(str(tiny_sam3_whole), "cpu", "float32")


@pytest.fixture(scope="module")
def points(sam3: Sam3, tiny_sam3_whole: Path) -> Sam3Points:
    return Sam3Points(sam3, str(tiny_sam3_whole))


@pytest.mark.parametrize("is_several", [False, True])
@pytest.mark.parametrize("box", [None, Box(40.0, 20.0, 200.0, 180.0)])
def test_that_the_shared_pass_gives_what_the_tracker_alone_gives(
    points: Sam3Points,
    tiny_sam3_whole: Path,
    photo: NDArray[np.uint8],
    is_several: bool,
    box: Box | None,
) -> None:
    asked = [INSIDE, OUTSIDE] if is_several else [INSIDE]
    plain = Sam3TrackerModel.from_pretrained(
        tiny_sam3_whole, config=tracker_config(str(tiny_sam3_whole)), key_mapping=NAMES
    ).eval()
    scale = np.array([56 / 320, 56 / 240])
    places = [(np.array([p.at.x, p.at.y]) * scale).tolist() for p in asked]
    more = {}
    if box is not None:
        more["input_boxes"] = torch.tensor([[(np.array(box.as_tuple()) * np.tile(scale, 2)).tolist()]]).float()
    with torch.inference_mode():
        seen = plain(
            pixel_values=prepared_picture(photo, 56),
            input_points=torch.tensor([[places]]).float(),
            input_labels=torch.tensor([[[int(p.is_inside) for p in asked]]]),
            multimask_output=not is_several and box is None,
            **more,
        )
    best = int(seen.iou_scores[0, 0].argmax())
    mask = full_mask(seen.pred_masks[0, 0, best], 240, 320, 0.5)
    found = points.find(photo, asked, box=box, key="photo")
    assert [one.mask for one in found] == ([mask] if mask.area else [])
    for one in found:
        assert one.score == pytest.approx(min(1.0, max(0.0, float(seen.iou_scores[0, 0, best]))), abs=1e-5)
        assert one.box == mask.box()


def test_that_a_picture_is_encoded_once_for_words_and_points(
    sam3: Sam3, points: Sam3Points, photo: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    passes = []
    encode = sam3._model.get_vision_features

    def counted(**given: torch.Tensor) -> object:
        passes.append(1)
        return encode(**given)

    monkeypatch.setattr(sam3._model, "get_vision_features", counted)
    sam3.find(photo, ["cat"], key="once")
    first = points.find(photo, [INSIDE], key="once")
    assert points.find(photo, [INSIDE], key="once") == first
    assert len(passes) == 1


def test_that_weights_without_a_tracker_are_refused(tiny_sam3: Path) -> None:
    with pytest.raises(PrerequisiteError, match="have no tracker") as raised:
        Sam3Points(Sam3(str(tiny_sam3), "cpu", "float32"), str(tiny_sam3))
    assert "a word or a box" in raised.value.hint
