"""Which CI system runs this job, and what it says about it."""

from perfci.platforms import generic, github, jenkins, local
from perfci.platforms.detected import Detected, Environ, ReadEvent
from perfci.platforms.gitlab.detect import detect as gitlab
from perfci.platforms.overrides import overridden


def detect(environ: Environ, read_event: ReadEvent) -> Detected:
    """Ask each system in turn; what the pipeline says of itself goes over the answer.

    Args:
        environ: the process's variables.
        read_event: reads the JSON object in the file that GITHUB_EVENT_PATH names.

    Returns:
        What is known; `problems` says what should be known and is not.
    """
    return overridden(_detect(environ, read_event), environ)


def _detect(environ: Environ, read_event: ReadEvent) -> Detected:
    """Ask in an order in which what comes first is never mistaken for what comes later."""
    found = github.detect(environ, read_event)
    if found:
        return found
    others = (
        generic.WOODPECKER.detect,
        gitlab,
        *(system.detect for system in generic.OTHERS),
        jenkins.detect,
        generic.UNKNOWN.detect,
    )
    contexts = (ask(environ) for ask in others)
    return Detected(context=next(filter(None, contexts), None) or local.detect())
