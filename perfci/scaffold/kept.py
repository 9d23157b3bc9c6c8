"""What a pipeline file does that `perfci init` finds and does not replace."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from perfci.scaffold.github import artifact, title
from perfci.scaffold.place import Place
from perfci.scaffold.second_stage import is_heard
from perfci.scaffold.tree import read_text

_RUNS = re.compile(r"/perf-regression\b|(?<![\w.-])perfci\s+[a-z\\-]")
_COMPONENT = "/perf-regression/perf-regression@"
_FOLDER = re.compile(r"""working-directory:\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^,}\n]*))""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Something without which what is written does nothing, or less than was asked for."""

    what: str
    remedy: str
    """What to do about it."""
    path: str = ""
    """What is not written for that."""


def missing(paths: Sequence[str], kept: Sequence[str], root: Path, place: Place) -> Missing | None:
    """Return what a kept file does not do that the project counts on; None where all is well.

    Args:
        paths: of the pipelines that the project wants, the one that measures first.
        kept: those of them that are there and stay.
        root: folder that they are relative to.
        place: of the project in its repository.
    """
    texts = {path: read_text(root / path) for path in paths if path in kept}
    first, second = paths[0], (*paths, "")[1]
    waiting = second if first in kept and second not in kept else ""
    for path, text in texts.items():
        # the second stage has nothing to do in the folder
        folder = place.folder if path == first else ""
        if not runs_perfci(text, folder):
            return _stranger(path, folder, waiting)
    if waiting and not is_heard(texts[first], place):
        return Missing(
            what=f"{second} is not written: it waits for a workflow {title(place)!r} that uploads "
            f"{artifact(place)!r}, and {first} is none",
            remedy=f"give {first} these names, or replace it with --force",
            path=second,
        )
    return None


def _stranger(path: str, folder: str, waiting: str) -> Missing:
    where = f" in {folder}" if folder else ""
    more = f"; {waiting} is not written, as it would wait for that" if waiting else ""
    return Missing(
        what=f"nothing in {path} runs perfci{where}{more}",
        remedy=f"rename {path} and run this again, add perfci to it by hand, or replace it with "
        "--force",
        path=waiting,
    )


def runs_perfci(text: str, folder: str) -> bool:
    """Tell whether a pipeline runs perfci, as far as its own text says.

    Args:
        text: of the file.
        folder: that it has to name, relative to the repository's root; empty: none.
    """
    lines = (line for line in text.splitlines() if not line.lstrip().startswith(("#", "//")))
    done = "\n".join(lines)
    named = not folder or re.search(rf"(?<![\w.-]){re.escape(folder)}(?![\w.-])", done)
    return bool(named and _RUNS.search(done))


def components(text: str) -> set[str]:
    """Return the folders for which a GitLab pipeline includes the component; empty: the root."""
    found = set()
    for part in text.split(_COMPONENT)[1:]:
        match = _FOLDER.search(part)
        folder = next((group for group in match.groups() if group), "") if match else ""
        found.add(folder.strip().removesuffix("/"))
    return found
