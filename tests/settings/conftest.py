"""Settings as their user meets them: a file, variables and flags in; a model or sentences out."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from perfci.errors import ConfigurationError
from perfci.settings.environment import from_environ
from perfci.settings.files import parse_file
from perfci.settings.flags import from_sets
from perfci.settings.load import Loaded, load

Load = Callable[..., Loaded]
Complaints = Callable[..., list[str]]


def _load(
    text: str = "",
    *,
    file: str = "perfci.yml",
    environ: Mapping[str, str] | None = None,
    sets: Sequence[str] = (),
) -> Loaded:
    layers = [parse_file(file, text.encode()), from_environ(environ or {}), from_sets(sets)]
    return load(layers)


@pytest.fixture(name="load_from")
def _load_from() -> Load:
    """Load a file's text, variables and `--set` flags."""
    return _load


@pytest.fixture
def complaints() -> Complaints:
    """Return the lines of the error that the same arguments end in."""

    def lines(*arguments: str, **more: object) -> list[str]:
        with pytest.raises(ConfigurationError) as caught:
            _load(*arguments, **more)  # type: ignore[arg-type]
        return caught.value.message.splitlines()

    return lines
