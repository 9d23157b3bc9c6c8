"""The kinds of work that perfci measures itself."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Variables = tuple[tuple[str, str], ...]
"""Names and values, in the order in which the user wrote them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A program to start; every execution is a fresh process."""

    argv: tuple[str, ...]
    """What is executed; a shell string is `("/bin/sh", "-c", text)`."""
    shell: bool = False
    """True where the user wrote a string, not a list."""
    input: str = ""
    """File that is its standard input, relative to the side's root; empty for none."""
    exit_codes: tuple[int, ...] = (0,)
    """Exit codes that mean success."""
    prepare: tuple[str, ...] = ()
    """Command that runs before every execution, outside the measurement."""
    cleanup: tuple[str, ...] = ()
    """Command that runs after every execution, also after one that failed."""
    startup: tuple[str, ...] = ()
    """Command that starts the same program and does nothing: subtracted from instruction counts."""

    def __str__(self) -> str:
        """Return the command as the user wrote it."""
        return self.argv[-1] if self.shell else " ".join(self.argv)


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A Python callable, sync or async, called in a worker of the project's interpreter.

    What an (async) generator function makes is consumed to its end in every call.
    """

    target: str
    """`path/to/file.py:name` (the file comes from head on both sides) or `package.module:name`
    (imported from each side's own code); `name` may be dotted."""
    arguments: tuple[tuple[str, object], ...] = ()
    """Keyword arguments: the benchmark's parameters with their types kept."""
    setup: str = ""
    """Target called once in every fresh process with the same keyword arguments; what it returns,
    other than None, is the first argument of the function and of `teardown`."""
    teardown: str = ""
    """Target called once before the process ends."""
    gc: bool = False
    """Whether Python's collector stays on while calls are timed."""

    @property
    def path(self) -> str:
        """Return the file that defines the benchmark, relative; empty for the module form."""
        return path_of(self.target)

    @property
    def paths(self) -> tuple[str, ...]:
        """Return every file that the benchmark's targets name, relative, without repeats."""
        named = (path_of(target) for target in (self.target, self.setup, self.teardown))
        return tuple(dict.fromkeys(path for path in named if path))

    def __str__(self) -> str:
        """Return the target."""
        return self.target


def path_of(target: str) -> str:
    """Return the file in a target `file.py:name`; empty for the module form."""
    source = target.rpartition(":")[0]
    return source if source.endswith(".py") else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Http:
    """Requests to one address."""

    url: str
    """With `{port}` where each side has a port of its own."""
    method: str = "GET"
    headers: Variables = ()
    body: str = ""
    token_env: str = ""
    """Variable that holds a bearer token; empty for none."""
    concurrency: int = 1
    """Connections; in a closed loop each sends its next request when the last was answered."""
    rate: float | None = None
    """Requests a second that are sent however long the answers take; None for a closed loop."""
    duration: float = 5.0
    """Seconds of load a side and launch."""
    timeout: float = 10.0
    """Seconds after which a request counts as an error."""
    status: tuple[int, ...] = ()
    """Status codes that are no errors; empty for 200 to 399."""

    def __str__(self) -> str:
        """Return the request in a few words."""
        return f"{self.method} {self.url}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ai:
    """Streamed answers of a language model."""

    url: str
    """Root of the interface: `http://127.0.0.1:8080/v1`; `{port}` as in `Http`."""
    model: str
    prompt: str
    dialect: str = "auto"
    """`openai`, `ollama`, or `auto`: by the address."""
    api_key_env: str = ""
    """Variable that holds the key; empty for none."""
    requests: int = 3
    """Answers a side and launch."""
    max_tokens: int = 64
    timeout: float = 120.0
    """Seconds after which one answer counts as an error."""
    vary: bool = True
    """Whether every request has a prompt of its own, so that no cache answers."""

    def __str__(self) -> str:
        """Return the model and where it is asked."""
        return f"{self.model} at {self.url}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeAssistant:
    """Round trips to a Home Assistant over REST and WebSocket."""

    url: str
    token_env: str = "HA_TOKEN"  # noqa: S105 - the variable's name
    call: str = ""
    """Action to call, `input_boolean.toggle`; empty for none."""
    entity: str = ""
    """Whose state the action changes; its change is waited for."""
    requests: int = 20
    """Cycles a side and launch."""
    timeout: float = 10.0
    """Seconds after which one round trip counts as an error."""

    def __str__(self) -> str:
        """Return the address."""
        return f"Home Assistant at {self.url}"


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The machine itself: how fit it is to measure on."""

    duration: float = 1.0
    """Seconds that are watched a launch."""

    def __str__(self) -> str:
        """Return a name."""
        return "this machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """Another benchmark tool: it is run, and what it has measured is read."""

    command: Command
    """With `{output}` where the tool is told the file that it writes its results to."""
    reads: str
    """Format of the results; `auto`: found out."""
    output: str = ""
    """File or folder of the results, relative to the side's root, where the tool chooses it;
    empty: the `{output}` of the command, and without one its standard output."""
    metrics: tuple[str, ...] = ()
    """Names of the metrics that gate; empty for all."""

    def __str__(self) -> str:
        """Return the command as the user wrote it."""
        return str(self.command)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Results that something else has measured before: files are read, nothing is run."""

    paths: tuple[str, ...]
    """Files, folders or globs, relative to the project's root."""
    reads: str
    """Format of the results; `auto`: found out."""
    metrics: tuple[str, ...] = ()
    """Names of the metrics that gate; empty for all."""

    def __str__(self) -> str:
        """Return the paths."""
        return ", ".join(self.paths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A Python callable of perfci's own process, as the Python API is given it."""

    call: Callable[[], Any] = field(repr=False, compare=False)
    """Sync or async. A number that it returns is the value, in the unit in which the Python API
    shows the metric; anything else means: measure the call. What a generator function makes is
    consumed."""
    label: str
    """What it is called in messages: `tests.py:analyze`."""
    calls: int = 1
    """Calls behind one value."""

    def __str__(self) -> str:
        """Return the label."""
        return self.label


Work = Command | Function | Http | Ai | HomeAssistant | System | Tool | Results | Live
Read = Tool | Results
"""Work whose results tell which benchmarks there are."""
Served = Http | Ai | HomeAssistant
"""Work that asks a server; perfci starts one on each side where the benchmark has a `service`."""
