"""What a pipeline's variables say: every field of a configuration, by its name in upper case."""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TypeVar, get_origin

from perfci.errors import ConfigurationError
from perfci.facade.config import CICDConfig, RegressionTestConfig

_Config = TypeVar("_Config", CICDConfig, RegressionTestConfig)

_YES = frozenset({"true", "yes", "on", "1"})
_NO = frozenset({"false", "no", "off", "0"})


def config_from(kind: type[_Config], environ: Mapping[str, str]) -> _Config:
    """Return a configuration: the defaults, and over them what the variables say.

    Empty variables count as not set. Lists are separated by commas or blanks.

    Args:
        kind: which configuration.
        environ: the process's variables: `MAX_ACCEPTABLE_REGRESSIONS`, `SLACK_WEBHOOK_URL`, ...

    Raises:
        ConfigurationError: a value cannot be read, or is out of its range; names the variable.
    """
    given: dict[str, object] = {}
    for item in fields(kind):
        text = environ.get(item.name.upper(), "").strip()
        if text:
            given[item.name] = _read(item.name, item.type, text)
    try:
        return kind(**given)  # type: ignore[arg-type]
    except ConfigurationError as error:
        told = error.message.removeprefix(f"{kind.__name__}: ")
        for name in given:
            told = re.sub(rf"\b{name}\b", name.upper(), told)
        raise ConfigurationError(f"the variable {told}", hint=error.hint) from None


def shown(config: CICDConfig | RegressionTestConfig) -> dict[str, str]:
    """Return every value as text, by its name; addresses are nobody's business and left out."""
    names = (item.name for item in fields(config) if not item.name.endswith("_url"))
    return {name: _text(getattr(config, name)) for name in names}


def _text(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(name: str, kind: object, text: str) -> object:
    if get_origin(kind) is list:
        return [part for part in re.split(r"[,\s]+", text) if part]
    if kind not in _READERS:
        return text
    reader, wanted = _READERS[kind]
    try:
        return reader(text)
    except ValueError:
        raise ConfigurationError(
            f"the variable {name.upper()} is {text[:60]!r}", hint=f"give {wanted}"
        ) from None


def _flag(text: str) -> bool:
    if text.lower() in _YES:
        return True
    if text.lower() in _NO:
        return False
    raise ValueError(text)


_READERS: Mapping[object, tuple[Callable[[str], object], str]] = {
    bool: (_flag, "true or false"),
    int: (int, "a whole number"),
    float: (float, "a number"),
}
