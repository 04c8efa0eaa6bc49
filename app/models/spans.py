"""How long things take, in words that can be compared at a glance."""

from __future__ import annotations

NONE = "—"
"""Where there is nothing to say."""


def span_text(seconds: float | None) -> str:
    """A span of time: 12 s, 35 min, 1 h 20 min, about 29 h."""
    if seconds is None:
        return NONE
    if seconds < 1:
        return "under 1 s"
    if seconds < 90:
        return f"{round(seconds)} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 12:
        return f"{hours} h {rest:02d} min" if rest else f"{hours} h"
    return f"about {round(minutes / 60):,} h"


def rate_text(per_second: float) -> str:
    """A rate in the unit that gives a figure between about 1 and 300: 208 / min, 31.4 / min, 96 / h."""
    if per_second <= 0:
        return NONE
    for factor, unit in ((1, "s"), (60, "min"), (3600, "h")):
        value = per_second * factor
        if value >= 5 or unit == "h":
            return f"{value:,.0f} / {unit}" if value >= 100 else f"{value:.1f} / {unit}"
    raise AssertionError("an hour takes every rate")


def clock_text(moment: str) -> str:
    """Hours and minutes of an ISO 8601 moment in UTC, in the time of this computer; empty for none."""
    from datetime import datetime

    if not moment:
        return ""
    return datetime.fromisoformat(moment).astimezone().strftime("%H:%M")


def day_text(moment: str) -> str:
    """The day of an ISO 8601 moment in UTC, in the time of this computer: "21 Nov 2026"; empty for none."""
    from datetime import datetime

    if not moment:
        return ""
    day = datetime.fromisoformat(moment).astimezone()
    return f"{day.day} {day:%b %Y}"


def seconds_between(start: str, end: str) -> float | None:
    """Seconds between two ISO 8601 moments; None when one is missing."""
    from datetime import datetime

    if not start or not end:
        return None
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
