"""Why a stored run is a baseline of its branch though it was not measured there.

It is a part of the run's own object, `perfci.stored/1`, under `promoted`; who reads only what was
measured passes it over.
"""

from dataclasses import dataclass
from datetime import datetime

from pydantic_core import from_json

from perfci.schema import stored
from perfci.schema.document import decode, encode
from perfci.schema.packed import pack, unpack
from perfci.schema.stored import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """Somebody's decision that a run measured elsewhere is a baseline of a branch."""

    source: str
    """Where the run came from: a branch in words, or a file's name; hostile text."""
    reason: str
    """As it was written: hostile text."""
    commit: str
    """Full hash of what was checked out then; empty outside a repository."""
    promoted_at: datetime
    """Aware."""


def dump(kept: Stored, promotion: Promotion) -> bytes:
    """Return the stored run with the decision, as gzip."""
    document = from_json(unpack(stored.dump(kept), "run"))
    document["promoted"] = {
        "source": promotion.source,
        "reason": promotion.reason,
        "commit": promotion.commit,
        "promoted_at": promotion.promoted_at.isoformat(),
    }
    return pack(encode(document))


def load(data: bytes, source: str) -> Promotion | None:
    """Return the decision in a stored run, or None where it was measured on its branch.

    Raises:
        FormatError: damaged, foreign, or (NewerVersionError) of a newer perfci.
    """
    fields = decode(data, source, stored.KIND).group_or_none("promoted")
    if fields is None:
        return None
    return Promotion(
        source=fields.text("source"),
        reason=fields.text("reason"),
        commit=fields.text("commit"),
        promoted_at=fields.moment("promoted_at"),
    )
