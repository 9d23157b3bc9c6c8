"""Tables of an entry under `benchmarks`: what is asked, and the server that is started for it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from perfci.settings.addresses import (
    EnvName,
    Headers,
    Method,
    Some,
    StatusCodes,
    Url,
    Variables,
)
from perfci.settings.fields import CommandLine, Flag, InsidePath, PlainText, Text
from perfci.settings.quantities import Duration, Rate
from perfci.settings.spelling import shown
from perfci.settings.table import Table, shape


def _action(text: str) -> str:
    domain, dot, name = text.partition(".")
    if not (dot and domain.isidentifier() and name.isidentifier()):
        raise ValueError(f"{shown(text)} is not like input_boolean.toggle")
    return text


Action = Annotated[Text, AfterValidator(_action)]


class HttpTable(Table):
    """Requests to an address."""

    url: Url = Field(description="Address; `{port}` where `service` gets a port from perfci.")
    method: Method = Field("GET", description="Method of every request.")
    headers: Headers = Field(default_factory=dict, description="Headers of every request.")
    body: Text | None = Field(None, description="Body of every request.")
    token_env: EnvName | None = Field(
        None, description="Variable that holds a bearer token for every request."
    )
    concurrency: Some = Field(1, description="Connections that ask at the same time.")
    rate: Rate | None = Field(
        None,
        description="Requests a second, sent however long the answers take; without it each "
        "connection sends its next request when the last was answered.",
    )
    duration: Duration = Field(
        "5s", validate_default=True, description="How long each side is asked in every launch."
    )
    timeout: Duration = Field(
        "10s", validate_default=True, description="Time after which a request is an error."
    )
    status: StatusCodes = Field(
        (), description="Status codes that are no errors: 200 to 399 where it is not set."
    )


class AiTable(Table):
    """Streamed answers of a language model."""

    url: Url = Field(description="Root of the interface: `http://127.0.0.1:8080/v1`.")
    model: PlainText = Field(description="Name of the model.")
    prompt: PlainText = Field(description="What is asked.")
    dialect: Literal["auto", "openai", "ollama"] = Field(
        "auto", description="How the server is spoken to; `auto` tells by the address."
    )
    api_key_env: EnvName | None = Field(None, description="Variable that holds the API key.")
    requests: Some = Field(3, description="Answers a side in every launch.")
    max_tokens: Some = Field(64, description="Length at which an answer ends.")
    timeout: Duration = Field(
        "120s", validate_default=True, description="Time after which an answer is an error."
    )
    vary: Flag = Field(
        default=True, description="Give every request a prompt of its own, against caches."
    )


class HomeAssistantTable(Table):
    """Round trips to a Home Assistant."""

    url: Url = Field(description="Its address: `http://127.0.0.1:8123`.")
    token_env: EnvName = Field(
        "HA_TOKEN", description="Variable that holds a long-lived access token."
    )
    call: Action | None = Field(
        None, description="Action to call in every cycle, e.g. `input_boolean.toggle`."
    )
    entity: Action | None = Field(
        None, description="Entity that `call` changes; its change is waited for."
    )
    requests: Some = Field(20, description="Cycles a side in every launch.")
    timeout: Duration = Field(
        "10s", validate_default=True, description="Time after which a round trip is an error."
    )

    @model_validator(mode="after")
    def _entity_has_a_call(self) -> "HomeAssistantTable":
        if self.entity is not None and self.call is None:
            raise shape("has an entity, but no call that would change it")
        return self


class SystemTable(Table):
    """The machine that measures."""

    duration: Duration = Field(
        "1s", validate_default=True, description="How long it is watched in every launch."
    )


class ServiceTable(Table):
    """A server that perfci starts on each side, awaits, and stops."""

    run: CommandLine = Field(
        description="Command that starts it; `{port}`, and the variable `PORT`, hold a free port."
    )
    ready: Url | None = Field(
        None,
        description="Address that answers once it is ready: that its port takes connections "
        "where it is not set.",
    )
    timeout: Duration = Field(
        "60s", validate_default=True, description="Time that it gets to become ready."
    )
    env: Variables = Field(default_factory=dict, description="Variables that it gets, too.")
    cwd: InsidePath | None = Field(None, description="Folder that it starts in.")
