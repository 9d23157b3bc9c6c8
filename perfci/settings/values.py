"""Text from a variable or a flag to a value."""

from perfci.settings.keys import KEYS


def read_value(name: str, text: str) -> object:
    """Return the value that a text means for a key.

    Keys that take any text take it as it stands (a command may begin with `[` and still be a
    list); everything else is YAML: `3`, `true`, `[main, next]`, `{match: "*", threshold: 5%}`.

    Args:
        name: the key, dotted; may be unknown.
        text: what the variable or flag holds.

    Raises:
        ValueError: not YAML.
    """
    from perfci.settings.yaml_tree import read_yaml

    key = KEYS.get(name)
    if key is None or not key.text:
        return read_yaml(text).value
    try:
        value = read_yaml(text).value
    except ValueError:
        return text
    return value if isinstance(value, list) else text
