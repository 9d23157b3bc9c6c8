"""Kept runs of two commits: a rerun takes their launches in, and decides on all of them once.

`v1/<project>/pairs/<base>-<head>/<run id>.json.gz`, one immutable object a run. They are no
baselines: nothing else is ever compared with them.
"""

import re

from perfci.baselines.keys import RUN_ID, project_key
from perfci.errors import FormatError
from perfci.model.revision import Mode, Revision
from perfci.model.run import Recording
from perfci.ports import Store
from perfci.schema import run
from perfci.schema.packed import pack

_COMMIT = re.compile(r"[0-9a-f]{40,64}")
_SUFFIX = ".json.gz"


def load_pairs(
    store: Store, project: str, base: Revision, head: Revision, fingerprint: str
) -> tuple[tuple[Recording, ...], tuple[str, ...]]:
    """Return the kept runs of two commits in an equal environment, oldest first, and warnings.

    A damaged one is left out and named.

    Raises:
        StoreError: the store cannot be read.
    """
    folder = _folder(project, base, head)
    found, warnings = [], []
    for name in store.list(f"{folder}/") if folder else ():
        blob = store.get(name)
        if blob is None or not RUN_ID.fullmatch(name.rpartition("/")[2].removesuffix(_SUFFIX)):
            continue
        try:
            kept = run.load(blob.data, f"{store.url}/{name}")
        except FormatError as error:
            warnings.append(f"an earlier run of these commits is not pooled: {error.message}")
            continue
        commits = (kept.base.commit if kept.base else "", kept.head.commit)
        same = commits == (base.commit, head.commit) and kept.mode is Mode.PAIRED
        if same and kept.run.environment.fingerprint == fingerprint:
            found.append(kept)
    return tuple(found), tuple(warnings)


def keep_pair(store: Store, recording: Recording) -> None:
    """Keep a run for reruns of its two commits; what was measured of uncommitted work is not.

    Raises:
        StoreError: it cannot be written.
    """
    base, head = recording.base, recording.head
    if recording.mode is not Mode.PAIRED or base is None or base.dirty or head.dirty:
        return
    if recording.partial:
        return
    folder = _folder(recording.project, base, head)
    if folder:
        name = f"{folder}/{recording.run.id}{_SUFFIX}"
        store.put(name, pack(run.dump(recording)), replaces=None)


def _folder(project: str, base: Revision, head: Revision) -> str:
    """Return where runs of two commits lie; empty where they have no full hashes."""
    if not (_COMMIT.fullmatch(base.commit) and _COMMIT.fullmatch(head.commit)):
        return ""
    return f"v1/{project_key(project)}/pairs/{base.commit}-{head.commit}"
