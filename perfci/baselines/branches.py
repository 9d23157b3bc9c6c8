"""Which branches a project has in a store, and which runs and acceptances lie there."""

from collections.abc import Iterable
from dataclasses import dataclass

from perfci.baselines.keys import branch_key, branch_of, project_key
from perfci.baselines.place import acceptance_ids, run_ids
from perfci.errors import ConfigurationError
from perfci.ports import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One branch, as the names of its objects tell."""

    branch: str
    runs: tuple[str, ...]
    """Ids of the stored runs, oldest first."""
    acceptances: tuple[str, ...]
    """Ids of the stored acceptances, oldest first."""
    objects: tuple[str, ...]
    """Names of all objects, damaged and foreign ones included."""


def listed(store: Store, project: str) -> tuple[Listed, ...]:
    """Return the branches of a project, by name.

    Raises:
        StoreError: the store cannot be read.
    """
    prefix = _folder(project)
    by_key: dict[str, list[str]] = {}
    for name in store.list(prefix):
        by_key.setdefault(_key_of(name.removeprefix(prefix)), []).append(name)
    found = []
    for key, names in by_key.items():
        branch = _branch(key)
        if branch is not None:
            found.append(_listed(f"{prefix}{key}/", branch, names))
    return tuple(sorted(found, key=lambda each: each.branch))


def branch_at(name: str, project: str) -> str | None:
    """Return the branch to which an object of a project belongs, by its name; None: to none."""
    if not name.startswith(_folder(project)):
        return None
    return _branch(_key_of(name.removeprefix(_folder(project))))


def _branch(key: str) -> str | None:
    """Return the branch of a key that perfci made; None of anything else that may lie there."""
    if not key:
        return None
    try:
        branch = branch_of(key)
        return branch if branch_key(branch) == key else None
    except (UnicodeDecodeError, ConfigurationError):
        return None


def _folder(project: str) -> str:
    return f"v1/{project_key(project)}/branches/"


def _key_of(inside: str) -> str:
    """Return the branch's key at the beginning of a name; empty where there is none."""
    parts = inside.split("/")
    key = []
    for part in parts[:-1]:
        key.append(part)
        # a key that was cut has `~` at the end of each part but its last; `~` alone is nameless
        if not part.endswith("~") or part == "~":
            return "/".join(key)
    return ""


def _listed(folder: str, branch: str, names: Iterable[str]) -> Listed:
    objects = tuple(names)
    return Listed(
        branch=branch,
        runs=run_ids(objects, f"{folder}runs/"),
        acceptances=acceptance_ids(objects, f"{folder}acceptances/"),
        objects=objects,
    )
