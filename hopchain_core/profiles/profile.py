"""The kinds of profile, as frozen values that are checked when they are read."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator


class _Profile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._ -]{0,63}$", description="What it is called, here and in --solver NAME."
    )
    note: str = Field(default="", max_length=500, description="What it is for.")

    @property
    def engine(self) -> str:
        """Whose environment it runs in, where it names no Python; empty for what runs elsewhere."""
        kind: str = getattr(self, "kind", "")
        return "" if kind == "endpoint" else kind


class ServerAbilities(BaseModel):
    """What a server does. `hopchain models check` finds out; nothing is assumed from a name."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pictures: bool = Field(default=True, description="It looks at pictures.")
    n: bool = Field(default=True, description="Several continuations of one request.")
    json_schema: bool = Field(default=False, description="It keeps to a JSON schema.")
    seed: bool = Field(default=False, description="The same seed gives the same continuation.")
    priority: bool = Field(default=False, description="It takes a priority with each request.")
    context_tokens: int | None = Field(default=None, ge=1, description="Prompt and continuation together at most.")


class EndpointProfile(_Profile):
    """A server that somebody else starts: vLLM, SGLang, llama-server, Ollama, LM Studio or one on the net."""

    kind: Literal["endpoint"] = "endpoint"
    url: str = Field(title="Address", description="Its base, such as http://127.0.0.1:8000/v1.")
    model: str = Field(min_length=1, description="The name it serves the model under.")
    label: str = Field(
        default="", description="The model's name for records, where that under which it is served says little."
    )
    key: str = Field(
        default="",
        description="Where its key is: env:NAME for a variable, keyring for the system's; never the key itself.",
    )
    can: ServerAbilities | None = Field(default=None, description="As found by a check; None until then.")
    most_in_flight: int = Field(default=64, ge=1, le=4096, description="Samples at once at most.")
    body: dict[str, Any] = Field(default_factory=dict, description="Fields added to every request.")

    @field_validator("url")
    @classmethod
    def _is_http(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("an address begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("key")
    @classmethod
    def _is_no_key(cls, value: str) -> str:
        if value not in ("", "keyring") and not value.startswith("env:"):
            raise ValueError("say where the key is (env:NAME or keyring), not the key itself")
        return value


class VllmProfile(_Profile):
    """A vLLM server that we start, in the Python of its own environment, and stop again."""

    kind: Literal["vllm"] = "vllm"
    model: str = Field(min_length=1, description="A local folder, or a name on the hub.")
    label: str = Field(default="", description="The model's name for records, where the folder says little.")
    python: str = Field(default="", description="The Python of the environment that vLLM is installed in.")
    devices: tuple[int, ...] = Field(default=(0,), description="Which cards; more than one splits the model over them.")
    context_tokens: int = Field(default=32_768, ge=1024, description="Prompt and continuation together at most.")
    pictures_per_request: int = Field(default=8, ge=1, le=64, description="Pictures in one request at most.")
    memory_share: float = Field(default=0.9, gt=0.05, le=0.98, description="Of each card's memory.")
    most_in_flight: int = Field(default=128, ge=1, le=4096, description="Samples at once at most.")
    sleeps: bool = Field(
        default=False, description="Between stages it sleeps (its weights in the computer's memory) and is not stopped."
    )
    ready_within_s: float = Field(
        default=1200.0, ge=10, title="Seconds to be ready within", description="A start that takes longer has failed."
    )
    arguments: tuple[str, ...] = Field(default=(), description="More arguments of `vllm serve`.")
    gib: float | None = Field(
        default=None, gt=0, title="Memory in GiB", description="Memory of the card it needs, as far as known."
    )


class TransformersProfile(_Profile):
    """A model in transformers, in a worker process of ours: slower than vLLM, and nothing to install beside it."""

    kind: Literal["transformers"] = "transformers"
    model: str = Field(min_length=1, description="A local folder, or a name on the hub.")
    label: str = Field(default="", description="The model's name for records, where the folder says little.")
    python: str = Field(default="", description="The Python of its environment; empty for the one that runs this.")
    device: str = Field(default="auto", description="auto, cpu, cuda, cuda:1…")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        default="auto", title="Precision", description="Of its numbers."
    )
    gib: float | None = Field(
        default=None, gt=0, title="Memory in GiB", description="Memory of the card it needs, as far as known."
    )


class Sam3Profile(_Profile):
    """SAM 3, in a worker process of ours."""

    kind: Literal["sam3"] = "sam3"
    model: str = Field(default="facebook/sam3", description="A local folder, or a name on the hub.")
    label: str = Field(default="SAM 3", description="The model's name for records.")
    package: Literal["transformers", "native"] = Field(
        default="transformers",
        description="What it runs in: transformers, or Meta's own package sam3 with its checkpoint sam3.pt.",
    )
    python: str = Field(default="", description="The Python of its environment; empty for the one that runs this.")
    device: str = Field(default="auto", description="auto, cpu, cuda, cuda:1…")
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = Field(
        default="auto", title="Precision", description="Of its numbers."
    )
    gib: float | None = Field(
        default=6.0, gt=0, title="Memory in GiB", description="Memory of the card it needs, as far as known."
    )

    @property
    def engine(self) -> str:
        """Whose environment it runs in, where it names no Python."""
        return "sam3-native" if self.package == "native" else "sam3"

    @property
    def address(self) -> list[str]:
        """What its worker loads: model, device, dtype and package."""
        return [self.model, self.device, self.dtype, self.package]


Profile = Annotated[EndpointProfile | VllmProfile | TransformersProfile | Sam3Profile, Field(discriminator="kind")]
