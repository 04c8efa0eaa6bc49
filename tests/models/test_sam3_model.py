"""SAM 3 through the real loading code: cached and batched, it finds what the plain way of transformers finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from hopchain_core.backends.sam3.found import BoxPrompt, Found
from hopchain_core.backends.sam3.model import PICTURES_KEPT, Sam3, box_pooling, full_mask, prepared_picture
from hopchain_core.domain.geometry import Box

PHRASES = ["cat", "wine glass", "traffic light", "a", "dog in a red coat"]


@pytest.fixture(scope="module")
def model(tiny_sam3: Path) -> Sam3:
    return Sam3(str(tiny_sam3), "cpu", "float32")


def plain(tiny_sam3: Path, pixels: NDArray[np.uint8], phrase: str, score_from: float) -> list[tuple[float, Any]]:
    """One picture, one phrase, one whole pass, all masks together: the way of the documentation."""
    from transformers import AutoTokenizer, Sam3Model

    torch_model = Sam3Model.from_pretrained(tiny_sam3).eval()
    tokens = AutoTokenizer.from_pretrained(tiny_sam3)(
        phrase, padding="max_length", max_length=32, truncation=True, return_tensors="pt"
    )
    with torch.inference_mode():
        seen = torch_model(pixel_values=prepared_picture(pixels, 56), **tokens)
    scores = (seen.pred_logits.sigmoid() * seen.presence_logits.sigmoid())[0]
    masks = torch.nn.functional.interpolate(
        seen.pred_masks.sigmoid(), size=pixels.shape[:2], mode="bilinear", align_corners=False
    )[0]
    kept = [(float(s), (m > 0.5).numpy()) for s, m in zip(scores, masks, strict=True) if float(s) > score_from]
    return sorted(kept, key=lambda one: -one[0])


def same(found: list[Found], wanted: list[tuple[float, Any]]) -> bool:
    if len(found) != len(wanted):
        return False
    scores = np.allclose([f.score for f in found], [s for s, _ in wanted], atol=1e-5)
    pixels = [float((f.mask.to_bitmap() != m).mean()) for f, (_, m) in zip(found, wanted, strict=True)]
    return scores and max(pixels, default=0.0) < 1e-3


@pytest.mark.parametrize("at_once", [1, 2, 8])
def test_that_cached_and_batched_results_equal_the_plain_way(
    model: Sam3, tiny_sam3: Path, photo: NDArray[np.uint8], at_once: int
) -> None:
    found = model.find(photo, PHRASES, key="photo", score_from=0.1, phrases_at_once=at_once)
    assert len(found) == len(PHRASES)
    for phrase, of_phrase in zip(PHRASES, found, strict=True):
        assert of_phrase
        assert same(of_phrase, plain(tiny_sam3, photo, phrase, 0.1)), phrase


def test_that_a_picture_is_encoded_once_for_all_its_phrases(
    model: Sam3, photo: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    encoded: list[int] = []
    features = model._model.get_vision_features

    def counted(**arguments: Any) -> Any:
        encoded.append(1)
        return features(**arguments)

    monkeypatch.setattr(model._model, "get_vision_features", counted)
    model.find(photo, PHRASES, key="again", phrases_at_once=1)
    model.find(photo, ["bird"], key="again")
    assert len(encoded) == 1
    for number in range(PICTURES_KEPT):
        model.find(photo, ["bird"], key=f"other {number}")
    model.find(photo, ["bird"], key="again")
    assert len(encoded) == 2 + PICTURES_KEPT


def test_that_a_phrase_is_understood_once_for_all_pictures(
    model: Sam3, photo: NDArray[np.uint8], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    features = model._model.get_text_features

    def counted(**arguments: Any) -> Any:
        asked.append(len(arguments["input_ids"]))
        return features(**arguments)

    monkeypatch.setattr(model._model, "get_text_features", counted)
    model.find(photo, ["owl", "fox"])
    model.find(photo[::-1], ["fox", "owl", "elk"])
    assert asked == [2, 1]


def test_that_what_is_found_does_not_depend_on_what_else_is_asked(model: Sam3, photo: NDArray[np.uint8]) -> None:
    (alone,) = model.find(photo, ["cat"], score_from=0.1)
    _, among, _ = model.find(photo, ["dog", "cat", "hen"], score_from=0.1)
    assert [f.mask for f in alone] == [f.mask for f in among]
    assert [f.score for f in alone] == pytest.approx([f.score for f in among], abs=1e-5)


def test_that_a_threshold_leaves_out_the_less_sure(model: Sam3, photo: NDArray[np.uint8]) -> None:
    (every,) = model.find(photo, ["cat"], score_from=0.0)
    scores = [f.score for f in every]
    assert scores == sorted(scores, reverse=True)
    (some,) = model.find(photo, ["cat"], score_from=scores[3])
    assert [f.score for f in some] == scores[:3]


def test_that_boxes_show_what_is_meant_and_what_is_not(model: Sam3, photo: NDArray[np.uint8]) -> None:
    inside = BoxPrompt(Box(10, 20, 90, 120), True)
    outside = BoxPrompt(Box(200, 20, 300, 90), False)
    one = model.find_like(photo, [inside], score_from=0.0)
    both = model.find_like(photo, [inside, outside], score_from=0.0)
    named = model.find_like(photo, [inside], phrase="cat", score_from=0.0)
    assert len({tuple(f.score for f in found) for found in (one, both, named)}) == 3
    assert all(f.mask.width_px == 320 and f.mask.height_px == 240 for f in one)


@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_that_half_precision_runs(tiny_sam3: Path, photo: NDArray[np.uint8], dtype: str) -> None:
    model = Sam3(str(tiny_sam3), "cpu", dtype)
    found = model.find(photo, ["cat", "dog"], score_from=0.0)
    assert [len(of_phrase) for of_phrase in found] == [8, 8]
    assert model.find_like(photo, [BoxPrompt(Box(0, 0, 99, 99), True)], score_from=0.0)


def test_that_a_long_phrase_is_cut_and_not_an_error(model: Sam3, photo: NDArray[np.uint8]) -> None:
    assert len(model.find(photo, ["cat " * 50], score_from=0.0)[0]) == 8


def test_that_masks_are_made_one_at_a_time_at_full_size() -> None:
    logits = torch.full((8, 8), -4.0)
    logits[2:4, 4:8] = 4.0
    mask = full_mask(logits, 800, 600, 0.5)
    assert (mask.height_px, mask.width_px) == (800, 600)
    assert mask.box() == Box(300, 200, 600, 400)


def test_that_pooling_over_a_box_averages_what_lies_in_it() -> None:
    features = torch.arange(36, dtype=torch.float32).reshape(1, 1, 6, 6)
    (pooled,) = box_pooling(features, [torch.tensor([[0.0, 0.0, 4.0, 4.0]])], 2)
    # Cells of 2 x 2 around 0.5 and 2.5, read between the centres of the features.
    assert pooled.shape == (1, 2, 2)
    assert float(pooled[0, 0, 0]) < float(pooled[0, 0, 1]) < float(pooled[0, 1, 1])
    assert box_pooling(features, [torch.zeros((0, 4))], 2).shape == (0, 1, 2, 2)
