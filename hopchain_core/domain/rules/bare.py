"""The rule `bare`: a question speaks of the scene, never of boxes, crops, masks, ids or other pictures.

People and models see one bare picture. What only the composer saw must not be in the words. A real scene holds boxes,
frames, masks and crops of its own, so a word alone is no proof: objects of that name in the picture, and words that go
with the object ("cardboard box", "face mask"), are let through.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hopchain_core.domain.findings import Finding, Severity
from hopchain_core.domain.rules.reading import stem
from hopchain_core.domain.rules.subject import Subject

_COLOUR = (
    r"(?:red|green|blue|yellow|orange|purple|pink|cyan|magenta|white|black|brown|gr[ae]y|lime|violet|turquoise|teal|"
    r"maroon|olive|navy|gold|silver|colou?red|dashed|dotted|thick|thin)"
)
_NUMBER = r"-?\d+(?:\.\d+)?"


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Term:
    """Words that a question must not use.

    Attributes:
        needles: One of these stands in every such text, in lower case: looking for them is much faster.
        pattern: Where they stand.
        what: What they speak of.
        object_word: The words are fine when the picture holds an object with this word in its name.
        is_certain: No scene is described in these words.
    """

    needles: tuple[str, ...]
    pattern: re.Pattern[str]
    what: str
    object_word: str = ""
    is_certain: bool = True


_MACHINERY = (
    "object|instance|detection|segment|entity|patch|crop|mask|hop|candidate|region|image|picture|photo|img|bbox|label"
)
_TERMS: tuple[_Term, ...] = (
    _Term(
        ("bounding", "bbox", "b-box"),
        _words(r"\bbounding[ -]?box(?:es)?\b|\bb-?box(?:es)?\b|\bbbox\w*"),
        "bounding boxes",
    ),
    _Term(
        ("coord", "=", "position", "value"),
        _words(r"\bcoordinates?\b|\b[xy][012]?\s*=\s*\d|\b[xy][ -](?:position|value)s?\b"),
        "coordinates",
    ),
    _Term(
        ("(", "[", "<", " at "),
        _words(rf"[(\[<]\s*{_NUMBER}\s*[,;]\s*{_NUMBER}(?:\s*[,;]\s*{_NUMBER}){{0,2}}\s*[)\]>]|\bat\s+\d+\s*,\s*\d+"),
        "coordinates",
    ),
    _Term(("px", "pixel"), _words(r"\bpixels?\b|\b\d+\s?px\b"), "pixels"),
    _Term(("segment",), _words(r"\bsegmented\b|\bsegmentations?\b"), "segmentation"),
    _Term(("detect",), _words(r"(?<!smoke )(?<!metal )(?<!motion )\bdetect(?:ed|ions?|ors?)\b"), "detections"),
    _Term(("annotat",), _words(r"\bannotat(?:ed|ions?)\b"), "annotations"),
    _Term(("highlight",), _words(r"\bhighlight(?:ed|s)?\b"), "highlighting"),
    _Term(
        ("outlin", "contour", "overlay", "circled", "boxed", "framed"),
        _words(
            rf"\b{_COLOUR}(?:\s+\w+)?\s+(?:outlines?|contours?|overlays?)\b|"
            rf"\b(?:outlined|circled|boxed|framed|contoured)\s+(?:in|by|with)\b|\boutline\s+colou?r\b"
        ),
        "outlines drawn on the picture",
    ),
    _Term(("instance",), _words(r"(?<!\bfor )\binstances?\b"), "instances"),
    _Term(
        tuple(_MACHINERY.split("|")),
        _words(rf"\b(?:{_MACHINERY})s?\s*(?:#|no\.?\s*|number\s+)?\d+\b"),
        "numbered things",
    ),
    _Term(("box", "frame"), _words(r"\b(?:box|frame)\s*(?:#|no\.?\s*)?\d+\b"), "numbered boxes or frames", "box"),
    _Term(
        ("id", "uuid"),
        _words(r"\b(?:id|ids|uuid)\b(?![ -](?:card|badge|photo|tag|number|plate|bracelet|document))"),
        "ids",
    ),
    _Term(
        ("image", "picture", "photo", "view"),
        _words(r"\b(?:cropped|zoomed|original|reference|input|attached)\s+(?:image|picture|photo|photograph|view)s?\b"),
        "another picture",
    ),
    _Term(
        ("image", "photo"),
        _words(
            r"\b(?:other|second|third|next|previous|both|these|those|two|three|several|multiple|all)\s+(?:the\s+)?"
            r"(?:images?|photos?|photographs?)\b(?!\s+(?:on|hanging|in|of|frame))"
        ),
        "another picture",
        "photo",
        is_certain=False,
    ),
    _Term(
        ("<",),
        _words(r"<\|?/?(?:image|img|box|ref|point|video|audio|bbox|quad|object|vision)[^<>]{0,20}>"),
        "tags of a model",
    ),
    # words that scenes have too
    _Term(
        ("box",),
        _words(rf"\b{_COLOUR}\s+box(?:es)?\b|\b(?:in|inside|within|by)\s+(?:the|this|that|a|its)\s+box\b"),
        "boxes",
        "box",
    ),
    _Term(
        ("box",),
        _words(
            r"(?<!\bcardboard )(?<!\bwooden )(?<!\blunch )(?<!\bletter )(?<!\bpost )(?<!\bmail )(?<!\bjuice )"
            r"(?<!\bcereal )(?<!\btissue )(?<!\bpizza )(?<!\btool )(?<!\bphone )(?<!\btelephone )(?<!\bmusic )"
            r"(?<!\bwindow )(?<!\bgift )(?<!\bmatch )(?<!\bshoe )(?<!\begg )(?<!\bjunction )(?<!\bfuse )"
            r"(?<!\bstorage )(?<!\bplastic )(?<!\bmetal )(?<!\bpaper )(?<!\bcake )(?<!\btakeaway )(?<!\bjewellery )"
            r"(?<!\bjewelry )(?<!\bbento )(?<!\bsignal )(?<!\bticket )(?<!\bflower )(?<!\blitter )"
            r"\bbox(?:es)?\b(?!\s+(?:of|office|truck|car|kite|jellyfish|spring)\b)"
        ),
        "boxes",
        "box",
        is_certain=False,
    ),
    _Term(
        ("crop",),
        _words(
            r"\bcropped\b|\b(?:the|this|each|that|first|second|image|in)\s+crop\b(?!\s+(?:top|field|row|plant|circle|of)s?\b)"
        ),
        "crops",
        "crop",
    ),
    _Term(
        ("mask",),
        _words(r"\b(?:segmentation|binary|instance)\s+masks?\b|\bmasked\s+(?:area|region|object|part)s?\b"),
        "masks",
    ),
    _Term(
        ("mask",),
        _words(
            r"(?<!\bface )(?<!\bgas )(?<!\bski )(?<!\bsurgical )(?<!\boxygen )(?<!\bdust )(?<!\bsleep )(?<!\bmedical )"
            r"(?<!\bcarnival )(?<!\bvenetian )(?<!\bcatcher's )(?<!\bhockey )(?<!\bsnorkel )(?<!\bdiving )"
            r"(?<!\bwelding )(?<!\bhalloween )(?<!\bwooden )(?<!\bprotective )(?<!\bwearing a )(?<!\bwears a )"
            r"(?<!\bin a )(?<!\bwith a )(?<!\bwithout a )(?<!\bputting on a )\bmasks?\b"
        ),
        "masks",
        "mask",
        is_certain=False,
    ),
    _Term(("frame",), _words(r"\b(?:video|key)[ -]?frames?\b"), "frames of a video"),
    _Term(
        ("rectangle", "border", "frame", "region"),
        _words(rf"\b{_COLOUR}\s+(?:rectangles?|borders?|frames?|regions?)\b"),
        "shapes drawn on the picture",
        "frame",
        is_certain=False,
    ),
)

_GROUPED = re.compile(r"[(\[]\s*\d{1,3}(?:,\d{3})+\s*[)\]]\Z")  # a number such as (1,234)


def bare(subject: Subject) -> Iterator[Finding]:
    """No boxes, coordinates, masks, crops, colours of outlines, ids, or any picture but the one shown."""
    chain = subject.chain
    yield from _look(chain.question, None, subject)
    for hop in chain.hops:
        if hop.sub_question != chain.question:
            yield from _look(hop.sub_question, hop.index, subject)


def _look(text: str, hop: int | None, subject: Subject) -> Iterator[Finding]:
    taken: list[tuple[int, int]] = []
    lowered = text.lower()
    for term in _TERMS:
        if not any(n in lowered for n in term.needles):
            continue
        if term.object_word and _is_object(term.object_word, subject):
            continue
        for match in term.pattern.finditer(text):
            if _GROUPED.match(match.group()) or any(a < match.end() and match.start() < b for a, b in taken):
                continue
            taken.append(match.span())
            where = "The question" if hop is None else f"The sub-question of hop {hop}"
            yield Finding(
                rule="bare",
                severity=Severity.ERROR if term.is_certain and hop is None else Severity.WARNING,
                hop=hop,
                message=f'{where} speaks of {term.what} ("{match.group().strip()}"). '
                "Say what the object looks like or where it is in the scene; people see the bare picture only.",
                evidence={"words": match.group().strip(), "place": match.start()},
            )
    for key in subject.facts.by_key:
        if key in text:
            yield Finding(
                rule="bare",
                severity=Severity.ERROR,
                hop=hop,
                message=f"The text names an instance by its key ({key}). Describe the object instead.",
                evidence={"words": key, "place": text.index(key)},
            )


_ALIKE = {
    "box": ("box", "package", "parcel", "carton", "lunchbox", "mailbox"),
    "photo": ("photo", "photograph", "picture", "painting", "poster", "frame", "image", "screen", "monitor"),
    "frame": ("frame", "picture", "painting", "sign", "window", "mirror", "glass", "poster", "flag", "plate", "screen"),
    "crop": ("crop", "plant", "field"),
    "mask": ("mask", "helmet"),
}


def _is_object(word: str, subject: Subject) -> bool:
    object_words = {stem(w) for w in subject.category_words}
    return any(w in object_words for w in _ALIKE[word])
