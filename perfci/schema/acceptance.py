"""`perfci.acceptance/1`: one immutable decision in a store that regressed runs are good enough."""

from perfci.model.history import Acceptance
from perfci.schema.document import decode, encode, schema_of

KIND = "perfci.acceptance"


def dump(acceptance: Acceptance) -> bytes:
    """Return the decision as JSON that people can read."""
    series = {key: list(runs) for key, runs in acceptance.series.items()}
    document = {
        "schema": schema_of(KIND),
        "id": acceptance.id,
        "branch": acceptance.branch,
        "accepted_at": acceptance.accepted_at.isoformat(),
        "commit": acceptance.commit,
        "globs": list(acceptance.globs),
        "reason": acceptance.reason,
        "series": series,
    }
    return encode(document, indent=2)


def load(data: bytes, source: str) -> Acceptance:
    """Return what `dump` wrote; `source` is the object's name, for messages.

    Raises:
        FormatError: damaged, foreign, or (NewerVersionError) of a newer perfci.
    """
    fields = decode(data, source, KIND)
    series = fields.group("series")
    return Acceptance(
        id=fields.text("id"),
        branch=fields.text("branch"),
        accepted_at=fields.moment("accepted_at"),
        commit=fields.text("commit"),
        globs=fields.texts("globs"),
        reason=fields.text("reason"),
        series={key: series.texts(key) for key in series.raw},
    )
