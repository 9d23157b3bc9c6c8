"""Which CI system runs this job, and what it says about it."""

from perfci.platforms import generic, github, gitlab, jenkins, local
from perfci.platforms.detected import Detected, Environ, ReadEvent


def detect(environ: Environ, read_event: ReadEvent) -> Detected:
    """Ask each system in turn; what comes first is never mistaken for what comes later.

    Args:
        environ: the process's variables.
        read_event: reads the JSON object in the file that GITHUB_EVENT_PATH names.

    Returns:
        What is known; `problems` says what should be known and is not.
    """
    found = github.detect(environ, read_event)
    if found:
        return found
    others = (
        generic.WOODPECKER.detect,
        gitlab.detect,
        *(system.detect for system in generic.OTHERS),
        jenkins.detect,
        generic.UNKNOWN.detect,
    )
    contexts = (ask(environ) for ask in others)
    return Detected(context=next(filter(None, contexts), None) or local.detect())
