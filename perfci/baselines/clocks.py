"""Stored runs that a wrong clock has dated into the future."""

from datetime import datetime, timedelta

from perfci.model.history import History

_TOLERANCE = timedelta(hours=1)
"""By so much clocks of runners may differ without harm."""


def run_ahead(history: History, now: datetime) -> tuple[str, ...]:
    """Say which stored run is dated after now: until then all others are taken for older.

    Args:
        history: of a branch, oldest run first.
        now: the time of day.

    Returns:
        One sentence; none where there is no such run.
    """
    ahead = [run for run in history.runs if run.started_at > now + _TOLERANCE]
    if not ahead:
        return ()
    newest = ahead[-1]
    many = f"{len(ahead)} stored runs are" if len(ahead) > 1 else "a stored run is"
    text = (
        f"{many} dated in the future, up to {newest.started_at:%Y-%m-%d %H:%M} UTC: a machine's "
        "clock was wrong, and until then newer runs are taken for older ones; delete it by "
        f"`perfci baseline prune --run {newest.id}`"
    )
    return (text,)
