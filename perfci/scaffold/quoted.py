"""Texts and lists as YAML and TOML both read them."""

import json


def quoted(value: object) -> str:
    """Write a text, or a list of texts, in double quotes.

    It is JSON, but for a character that JSON would write as two, or that no eye can see.
    """
    text = json.dumps(value, ensure_ascii=False)
    return "".join(letter if letter.isprintable() else _escaped(letter) for letter in text)


def _escaped(letter: str) -> str:
    number = ord(letter)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
