"""Names of stored objects in GitLab's generic packages, which know few characters and no folders.

An object `v1/app/branches/main/history.json` is the file `history.json` of the package's version
`v1+app+branches+main`: the folder is the version, and what neither may hold is `_XX`, a byte in
hexadecimal.
"""

import hashlib
import re

FOLDER = "_folder"
"""File that holds the folder's name where it is too long for a version."""
_KEPT = re.compile(rb"[a-z0-9-]")
_ROOT = "_"
_LONG = "_z"
_LONGEST = 200  # characters; a version goes into URLs and an index of the database


def version_of_folder(folder: str) -> str:
    """Return the version for a folder; one of more than 200 characters is a hash."""
    version = "+".join(map(_encoded, folder.split("/"))) or _ROOT
    if len(version) <= _LONGEST:
        return version
    return _LONG + hashlib.sha256(folder.encode("utf-8", "surrogatepass")).hexdigest()


def is_long(version: str) -> bool:
    """Return whether a version stands for a folder whose name lies in its file `_folder`."""
    return re.fullmatch(rf"{_LONG}[0-9a-f]{{64}}", version) is not None


def folder_of_version(version: str) -> str | None:
    """Return the folder that a version stands for; None where it is not one of ours."""
    if version == _ROOT:
        return ""
    parts = [_decoded(part) for part in version.split("+")]
    return None if None in parts else "/".join(part or "" for part in parts)


def file_of_name(name: str) -> str:
    """Return the file name for an object's last part."""
    return _encoded(name)


def name_of_file(file: str) -> str | None:
    """Return the last part of an object's name; None where the file is not one of ours."""
    return _decoded(file)


def _encoded(part: str) -> str:
    text = ""
    for byte in part.encode("utf-8", "surrogatepass"):
        char = bytes([byte])
        # two dots in a row are refused, and a dot at either end is asking for trouble
        dot = char == b"." and text[-1:] not in {"", "."}
        text += char.decode() if dot or _KEPT.match(char) else f"_{byte:02X}"
    return text[:-1] + "_2E" if text.endswith(".") else text


def _decoded(text: str) -> str | None:
    if not re.fullmatch(r"(?:[a-z0-9.-]|_[0-9A-F]{2})+", text):
        return None
    data = re.sub(rb"_([0-9A-F]{2})", lambda at: bytes([int(at[1], 16)]), text.encode())
    try:
        part = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return part if _encoded(part) == text else None
