"""What people call a backend: by its name, or by the model profile it is to use."""

from __future__ import annotations

from hopchain_core.backends.registry import registrations
from hopchain_core.errors import InputError
from hopchain_core.profiles.book import ProfileBook
from hopchain_core.profiles.profile import Sam3Profile

ROLES_OF_A_VLM = ("categorizer", "composer", "solver")


def backend_called(role: str, name: str, book: ProfileBook | None = None) -> tuple[str, dict[str, str]]:
    """The backend meant by a name, and the options that follow from it.

    Args:
        role: What it is to do.
        name: Of a backend of this role, or of a model profile that can do it.
        book: Where profiles are looked up.

    Raises:
        InputError: It is neither.
    """
    known = [r.name for r in registrations(role)]
    if name in known:
        return name, {}
    profiles = [p for p in (book or ProfileBook()).all() if isinstance(p, Sam3Profile) == (role == "segmenter")]
    for profile in profiles:
        if profile.name.casefold() == name.casefold():
            return ("sam3" if role == "segmenter" else "vlm"), {"profile": profile.name}
    models = f" Model profiles: {', '.join(p.name for p in profiles)}." if profiles else ""
    raise InputError(f"There is no {role} called {name!r}.", hint=f"There is: {', '.join(known)}.{models}")
