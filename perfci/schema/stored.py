"""`perfci.stored/1`: one immutable run in a store, with all that its line of the index needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from perfci.model.history import Point, StoredRun
from perfci.model.run import Recording
from perfci.model.verdict import Status
from perfci.schema import run
from perfci.schema.document import encode, load_in_pieces, schema_of
from perfci.schema.fields import Fields
from perfci.schema.history import dump_points, load_points
from perfci.schema.packed import pack

KIND = "perfci.stored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A run as a store keeps it."""

    recording: Recording
    verdict: Status
    points: Mapping[str, Point]
    """By series key: what the statistics made of the raw values when they were recorded."""

    @property
    def line(self) -> StoredRun:
        """Return the run's line of the index."""
        measured = self.recording.run
        return StoredRun(
            id=measured.id,
            commit=measured.commit,
            started_at=measured.started_at,
            fingerprint=measured.environment.fingerprint,
            verdict=self.verdict.value,
            points=self.points,
            partial=self.recording.partial,
        )


def dump(stored: Stored) -> bytes:
    """Return the gzip of the document, the same bytes for the same run.

    Raises:
        FormatError: a value is NaN or infinite.
    """
    document = {
        "schema": schema_of(KIND),
        "verdict": stored.verdict.value,
        "points": dump_points(stored.points),
        "run": run.to_document(stored.recording),
    }
    return pack(encode(document))


def load(data: bytes, source: str) -> Stored:
    """Return what `dump` wrote; `source` is the object's name, for messages.

    Raises:
        FormatError: damaged, foreign, or (NewerVersionError) of a newer perfci.
    """
    return load_in_pieces(data, source, KIND, _from_fields)


def _from_fields(fields: Fields) -> Stored:
    return Stored(
        recording=run.from_fields(fields.group("run")),
        verdict=fields.choice("verdict", Status),
        points=load_points(fields),
    )
