"""Model profiles and what they run on, for whoever shows them to a person."""

from __future__ import annotations

from hopchain_core.backends.servers.cards import Card, cards
from hopchain_core.backends.servers.news import ServerState
from hopchain_core.backends.servers.started import StartedServer
from hopchain_core.backends.vlm.check import Checked
from hopchain_core.models.kept import (
    FITS,
    add_set_up,
    check_profile,
    check_until,
    endpoint,
    free_name,
    profiles,
    put_key,
    refusals,
    remove,
    save,
    schema_of,
    set_ups,
    trouble,
    where,
)
from hopchain_core.models.running import (
    EngineFacts,
    engines,
    fit,
    server_log,
    server_of,
    set_up_engine,
    start_server,
    stop_server,
)
from hopchain_core.profiles.book import read_profile
from hopchain_core.profiles.presets import Preset
from hopchain_core.profiles.profile import EndpointProfile, Profile, ServerAbilities, VllmProfile

__all__ = [
    "FITS",
    "Card",
    "Checked",
    "EndpointProfile",
    "EngineFacts",
    "Preset",
    "Profile",
    "ServerAbilities",
    "ServerState",
    "StartedServer",
    "VllmProfile",
    "add_set_up",
    "cards",
    "check_profile",
    "check_until",
    "endpoint",
    "engines",
    "fit",
    "free_name",
    "profiles",
    "put_key",
    "read_profile",
    "refusals",
    "remove",
    "save",
    "schema_of",
    "server_log",
    "server_of",
    "set_up_engine",
    "set_ups",
    "start_server",
    "stop_server",
    "trouble",
    "where",
]
