"""The settings file: where it is, and what it says."""

from dataclasses import dataclass
from pathlib import Path

from perfci.errors import ConfigurationError
from perfci.settings.layers import Layer, nearest_of
from perfci.settings.toml_tree import lines_of, read_toml

_LARGEST = 2**20
NAMES = ("perfci.yml", "perfci.yaml", "perfci.toml", "pyproject.toml")
"""Of settings files, the first that is there counts."""
_TABLE = ("tool", "perfci")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A folder's settings file."""

    path: Path | None
    """None where there is none."""
    warnings: tuple[str, ...] = ()


def find_file(root: Path) -> Found:
    """Look for the settings of a folder: perfci.yml, perfci.yaml, perfci.toml, pyproject.toml.

    A `pyproject.toml` counts where it has a table `[tool.perfci]`.

    Raises:
        ConfigurationError: a `pyproject.toml` that cannot be read.
    """
    there = [root / name for name in NAMES if (root / name).is_file() and _counts(root / name)]
    if not there:
        return Found(path=None)
    ignored = [path.name for path in there[1:]]
    warning = f"{there[0].name} is read, {' and '.join(ignored)} beside it not"
    return Found(path=there[0], warnings=(warning,) if ignored else ())


def read_file(path: Path) -> Layer:
    """Read a settings file.

    Raises:
        ConfigurationError: it is not there, too large, or not of its format.
    """
    return parse_file(path.name, _read(path))


def parse_file(name: str, data: bytes) -> Layer:
    """Read the bytes of a settings file.

    Args:
        name: its name; decides the format, and stands in messages.
        data: what is in it.

    Raises:
        ConfigurationError: not of its format.
    """
    if name.endswith((".yml", ".yaml")):
        return _yaml_layer(name, data)
    if name.endswith(".toml"):
        return _toml_layer(name, data)
    raise ConfigurationError(
        f"{name} is neither .yml, .yaml nor .toml", hint="name a file of one of these endings"
    )


def _counts(path: Path) -> bool:
    if path.name != "pyproject.toml":
        return True
    data = _read(path)
    if b"perfci" not in data:
        return False
    try:
        tool = read_toml(data).get("tool")
    except ValueError as error:
        raise _damaged(path.name, "TOML", error) from None
    return isinstance(tool, dict) and "perfci" in tool


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigurationError(
            f"{path.name} cannot be read: {reason}", hint="name the settings file with --config"
        ) from None
    if len(data) > _LARGEST:
        raise ConfigurationError(f"{path.name} is larger than 1 MiB: that is no settings file")
    return data


def _yaml_layer(name: str, data: bytes) -> Layer:
    from perfci.settings.yaml_tree import duplicate, read_yaml

    try:
        document = read_yaml(data)
    except ValueError as error:
        raise _damaged(name, "YAML", error) from None
    tree = {} if document.value is None else document.value
    if not isinstance(tree, dict):
        raise ConfigurationError(
            f"{name} does not hold a table of settings", hint="begin it like `benchmarks:`"
        )
    places = {path: f"{name}, line {line}" for path, line in document.lines.items()}
    return Layer(
        name=name,
        tree=tree,
        where=nearest_of(places, name),
        problems=tuple(duplicate(name, twice) for twice in document.twice),
    )


def _toml_layer(name: str, data: bytes) -> Layer:
    prefix = _TABLE if name == "pyproject.toml" else ()
    try:
        tree: object = read_toml(data)
    except (ValueError, RecursionError) as error:
        raise _damaged(name, "TOML", error) from None
    for part in prefix:
        tree = tree.get(part, {}) if isinstance(tree, dict) else {}
    if not isinstance(tree, dict):
        raise ConfigurationError(f"tool.perfci in {name} is not a table")
    places = {path: f"{name}, line {line}" for path, line in lines_of(data, prefix).items()}
    return Layer(name=name, tree=tree, where=nearest_of(places, name))


def _damaged(name: str, kind: str, error: Exception) -> ConfigurationError:
    return ConfigurationError(f"{name} is not valid {kind}: {error}")
