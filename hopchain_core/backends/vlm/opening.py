"""From the name of a profile to a model that can be asked."""

from __future__ import annotations

from hopchain_core.backends.servers.chat import VllmChat
from hopchain_core.backends.servers.room import metered
from hopchain_core.backends.transformers.chat import TransformersChat
from hopchain_core.backends.vlm.chat import ChatModel
from hopchain_core.backends.vlm.client import ChatClient
from hopchain_core.backends.vlm.endpoint import Endpoint
from hopchain_core.errors import InputError, PrerequisiteError
from hopchain_core.profiles.book import ProfileBook
from hopchain_core.profiles.keys import key_of
from hopchain_core.profiles.profile import EndpointProfile, ServerAbilities, TransformersProfile, VllmProfile


def open_model(name: str, book: ProfileBook | None = None) -> ChatModel:
    """The model of a profile. Nothing is asked of it yet.

    Raises:
        PrerequisiteError: There is no such profile, it holds no conversations, or its key is not where it says.
    """
    try:
        profile = (book or ProfileBook()).get(name)
    except InputError as error:
        # What is missing is on this computer, not in what was asked: the project may come from another one.
        raise PrerequisiteError(str(error), hint=error.hint) from error
    if isinstance(profile, EndpointProfile):
        return metered(ChatClient(endpoint_of(profile)), profile.name)
    if isinstance(profile, TransformersProfile):
        return metered(TransformersChat(profile), profile.name)
    if isinstance(profile, VllmProfile):
        return metered(VllmChat(profile), profile.name)
    raise PrerequisiteError(
        f"{profile.name} ({profile.kind}) cannot be asked questions.", hint="Choose another profile."
    )


def endpoint_of(profile: EndpointProfile) -> Endpoint:
    """Where a profile's server is, with its key.

    Raises:
        PrerequisiteError: The key is not where the profile says.
    """
    return Endpoint(
        url=profile.url,
        model=profile.model,
        label=profile.label,
        key=key_of(profile),
        can=profile.can or ServerAbilities(),
        most_in_flight=profile.most_in_flight,
        body=profile.body,
    )
