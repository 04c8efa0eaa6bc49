from random import Random

import cv2
import numpy as np
import pytest

from hopchain_core.domain.instances import AttributeName
from hopchain_core.scenes.casting import KINDS, SCHEMES, cast
from hopchain_core.scenes.palette import PALETTE, PAPER, contrast, ink_on, paint
from hopchain_core.scenes.things.cardboard import sign
from hopchain_core.scenes.things.toys import die
from hopchain_core.scenes.words import WORDS, Printer

BUILDERS = [(category, builder) for category, kind in KINDS.items() for builder in kind.builders]


@pytest.mark.parametrize(("category", "builder"), BUILDERS, ids=[f"{c}-{b.__name__}" for c, b in BUILDERS])
def test_that_every_look_stands_on_the_ground_in_sound_triangles(category: str, builder) -> None:  # type: ignore[no-untyped-def]
    for seed, colour in enumerate(KINDS[category].colours):
        rng = Random(seed)
        thing = builder(rng, colour, Printer(rng, 0.2))
        mesh = thing.mesh
        assert thing.category == category
        assert thing.colour == colour
        assert abs(float(mesh.points[:, 1].min())) < 0.06
        assert mesh.triangles.min() >= 0
        assert mesh.triangles.max() < len(mesh.points)
        assert mesh.coarse.max() < len(mesh.points)
        assert len(mesh.materials) == len(mesh.triangles)
        assert 0 <= mesh.materials.min() <= mesh.materials.max() < len(thing.materials)
        assert np.isfinite(mesh.points).all()
        assert np.allclose(np.sqrt((mesh.normals**2).sum(axis=1)), 1, atol=1e-3)
        assert 0.3 < mesh.height < 2.6
        has_print = bool({AttributeName.TEXT, AttributeName.NUMBER} & set(thing.facts)) and category != "die"
        assert has_print == (thing.print_area is not None)


@pytest.mark.parametrize("category", list(KINDS))
def test_that_a_category_has_more_than_one_look(category: str) -> None:
    kind = KINDS[category]
    forms = set()
    for seed in range(12):
        thing = (
            kind.builders[seed % len(kind.builders)](Random(seed), kind.colours[0], None)
            if category != "sign"
            else (sign(Random(seed), "red", Printer(Random(seed), 0.2)))
        )
        forms.add((len(thing.mesh.points), round(thing.mesh.height, 2), tuple(sorted(thing.facts.items()))))
    assert len(forms) >= 2


def test_that_a_die_shows_its_number_in_pips() -> None:
    for seed in range(8):
        thing = die(Random(seed), "white")
        face = thing.materials[1].texture
        assert face is not None
        dark = (face.sum(axis=2) < 0.5).astype(np.uint8)
        assert str(cv2.connectedComponents(dark)[0] - 1) == thing.facts[AttributeName.NUMBER]


def test_that_a_printer_never_repeats_itself_and_keeps_to_the_room() -> None:
    printer = Printer(Random(4), 0.2)
    seen = []
    while (found := printer.any(1.2, 0.4)) is not None and len(seen) < 60:
        text, cap = found
        assert cap >= 0.2
        assert text.is_number == text.text.isdigit()
        seen.append(text.text.upper())
    assert len(seen) == len(set(seen)) == 60
    assert Printer(Random(4), 0.2).any(0.05, 0.05) is None


def test_that_a_sign_without_room_for_anything_is_refused() -> None:
    with pytest.raises(ValueError, match="something to say"):
        sign(Random(1), "red", Printer(Random(1), 3.0))
    with pytest.raises(ValueError, match="something to say"):
        sign(Random(1), "red", None)


def test_that_words_are_short_common_in_length_and_each_there_once() -> None:
    assert len(WORDS) == len(set(WORDS)) >= 150
    assert all(4 <= len(word) <= 8 and word.isascii() and word.isalpha() and word.isupper() for word in WORDS)


@pytest.mark.parametrize("name", list(PALETTE))
def test_that_ink_stands_out_from_every_colour(name: str) -> None:
    assert contrast(ink_on(paint(name)), paint(name)) >= 3.0
    assert PALETTE[name] != PAPER


def test_that_a_cast_has_a_crowd_a_loner_and_prints() -> None:
    for seed in range(200):
        rng = Random(seed)
        roles = cast(rng, count=rng.randint(8, 25))
        numbers = [sum(r.category == c for r in roles) for c in {r.category for r in roles}]
        assert max(numbers) >= 3
        assert 1 in numbers
        assert sum(r.is_printed for r in roles) >= 2
        assert all(r.colour in KINDS[r.category].colours for r in roles)
        for category in {r.category for r in roles}:
            assert sum(r.category == category for r in roles) <= KINDS[category].most
            assert not KINDS[category].unlike & {r.category for r in roles}


def test_that_schemes_name_palette_colours() -> None:
    assert all(colour in PALETTE for scheme in SCHEMES for colour in scheme)
    assert len(KINDS) >= 14
