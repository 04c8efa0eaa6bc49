"""Words and numbers for what is printed on things: short, common, unlike each other."""

from __future__ import annotations

from random import Random

from hopchain_core.scenes.lettering import Face, Print, fitted_cap_height

_LINES = (
    "OPEN CAFE HOME GARDEN WINTER SUMMER SPRING AUTUMN RIVER OCEAN ISLAND FOREST MEADOW VALLEY DESERT MUSIC",
    "DANCE PAINT STORY LETTER POEM NOVEL ATLAS MAPS TRAVEL HOTEL PARK MARKET BAKERY BREAD HONEY SUGAR SALT",
    "PEPPER COFFEE COCOA MILK JUICE LEMON MINT BASIL OLIVE TOMATO CARROT POTATO PUMPKIN CHERRY PEACH MELON",
    "MANGO BERRY WALNUT TOYS GAMES PUZZLE BRICKS MARBLES BUTTONS THREAD WOOL COTTON SILK LINEN RIBBON NEEDLE",
    "TOOLS NAILS SCREWS HAMMER PENCIL CRAYON PAPER STAMPS POST MAIL GIFT PARTY BIRTHDAY HOLIDAY WEEKEND MONDAY",
    "FRIDAY SUNDAY MORNING EVENING NIGHT MOON STARS PLANET ROCKET COMET CLOUD RAIN SNOW STORM WIND SUNSHINE",
    "LIGHT SHADOW SILVER GOLD COPPER PEARL CASTLE BRIDGE TOWER HARBOUR ANCHOR SAILOR PIRATE DRAGON KNIGHT",
    "WIZARD TIGER LION PANDA ZEBRA RABBIT EAGLE SWAN ROBIN DOLPHIN WHALE TURTLE HORSE PONY SHEEP KITTEN PUPPY",
    "FARMER DOCTOR TEACHER CHEF ARTIST WELCOME HELLO THANKS PLEASE ENTER EXIT QUIET SECRET FRIEND FAMILY",
    "SCHOOL LIBRARY MUSEUM THEATRE CINEMA CAMERA RADIO",
)
WORDS = tuple(word for line in _LINES for word in line.split())
"""What can be read on signs, books, boxes and bottles, in capitals."""


class Printer:
    """Hands out what is to be printed in one scene, never the same twice.

    Args:
        rng: Of the scene.
        least_cap_height: Smallest height of a capital that can be read, units.
    """

    def __init__(self, rng: Random, least_cap_height: float) -> None:
        self._rng = rng
        self._least = least_cap_height
        is_shouting = rng.random() < 0.6
        self._words = [w if is_shouting else w.capitalize() for w in WORDS]
        rng.shuffle(self._words)
        self._numbers = [str(n) for n in range(11, 1000) if n % 100 and n % 10]
        rng.shuffle(self._numbers)

    def any(
        self, width: float, height: float, *, word_share: float = 0.6, face: Face = Face.BOLD
    ) -> tuple[Print, float] | None:
        """A word or a number that fits a room and can be read, with its cap height; None when nothing fits.

        Args:
            width: Of the room, units.
            height: Of the room, units.
            word_share: How often to try a word first.
            face: Typeface.
        """
        is_word = self._rng.random() < word_share
        return self._fitting(
            self._words if is_word else self._numbers, not is_word, width, height, face
        ) or self._fitting(self._numbers, True, width, height, face)

    def _fitting(
        self, stock: list[str], is_number: bool, width: float, height: float, face: Face
    ) -> tuple[Print, float] | None:
        for i, text in enumerate(stock[:60]):
            cap = fitted_cap_height(text, face, width, height)
            if cap >= self._least:
                del stock[i]
                return Print(text, is_number), cap
        return None
