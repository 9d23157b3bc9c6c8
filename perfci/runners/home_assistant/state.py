"""The entity that is switched while it is measured is left as it was found."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from perfci.model.text import printable
from perfci.model.work import HomeAssistant
from perfci.runners.home_assistant.failures import Unanswered, quoted
from perfci.runners.home_assistant.rest import Rest
from perfci.runners.servers.asking import Tally

_PATIENCE = 5.0
"""Seconds that putting it back may take: nothing is measured any more."""
_SWITCHED = {"on", "off"}


@asynccontextmanager
async def kept(rest: Rest, work: HomeAssistant, tally: Tally) -> AsyncIterator[None]:
    """Remember the entity's state, and put it back in the end, however that comes.

    Only what was on or off can be put back; of anything else, and where it does not succeed, the
    tally gets a warning.

    Raises:
        Unanswered: there is no such entity, or no answer.
    """
    if not (work.call and work.entity):
        yield
        return
    before = await rest.state()
    try:
        yield
    finally:
        warning = await _put_back(rest, work, before)
        if warning:
            tally.warnings.append(warning)


async def _put_back(rest: Rest, work: HomeAssistant, before: str) -> str:
    """Return what the reader has to know; empty where everything is as it was."""
    entity = printable(work.entity)
    try:
        async with asyncio.timeout(_PATIENCE):
            after = await rest.state()
            if after != before and before in _SWITCHED:
                await rest.switch(before)
                after = await rest.state()
    except (Unanswered, TimeoutError) as failure:
        why = f": {failure}" if str(failure) else ""
        return f"{entity} may not be as it was before it was measured{why}"
    if after == before:
        return ""
    if before in _SWITCHED:
        now = quoted(rest.target, after)
        return f"{entity} was {before} before it was measured, and is {now} now"
    return (
        f"{printable(work.call)} has changed {entity} for good: perfci puts back only what was "
        "on or off"
    )
