"""All layers to one validated model that knows where each value came from."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from perfci.errors import ConfigurationError
from perfci.settings.layers import Layer, Merged, merge
from perfci.settings.model import Settings
from perfci.settings.parameters import combinations, identity
from perfci.settings.spelling import KeyPath
from perfci.settings.wording import sentence

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """Settings with their origin."""

    settings: Settings
    provenance: Callable[[KeyPath], str]
    """Place of a path: `perfci.yml, line 12`, `PERFCI_MODE`, `--mode`, or `default`."""


def load(layers: Sequence[Layer]) -> Loaded:
    """Merge the layers, weakest first, and validate the result once.

    Raises:
        ConfigurationError: anything is wrong; its message has one line an error.
    """
    merged = merge(layers)
    problems = [problem for layer in layers for problem in layer.problems]
    settings = Settings()
    try:
        settings = Settings.model_validate(merged.tree)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems += [sentence(detail, merged.where) for detail in details]
    problems += _equal_names(settings, merged)
    if problems:
        raise ConfigurationError(_told(problems), hint="`perfci schema` prints every key")
    return Loaded(settings=settings, provenance=merged.provenance)


def _equal_names(settings: Settings, merged: Merged) -> Iterator[str]:
    first: dict[str, int] = {}
    for index, entry in enumerate(settings.benchmarks):
        for chosen in combinations(entry.parameters):
            key = str(identity(entry.home, entry.name, chosen))
            if key in first:
                one, two = (merged.where(("benchmarks", at)) for at in (first[key], index))
                yield f"{key} is the name of two benchmarks ({one}, and {two})"
            first.setdefault(key, index)


def _told(problems: Sequence[str]) -> str:
    more = len(problems) - _MOST_SHOWN
    tail = [f"and {more} more"] if more > 0 else []
    return "\n".join([*problems[:_MOST_SHOWN], *tail])
