"""Where a run lies that its store did not take, and the command that brings it there."""

import shlex
from argparse import Namespace

from perfci.cli.recorded import Spare
from perfci.wiring.project import Project, spare_store


def spare_of(options: Namespace, project: Project) -> Spare:
    """Return what takes a run where its store does not, and the command that brings it there."""
    store = spare_store(project)
    # the store as it was configured: its own URL may lack the server's address
    target = project.loaded.settings.store
    words = ["perfci", "baseline", "export", "--store", store.url, "--to", target]
    words += ["--config", str(options.config)] if options.config else []
    words += [word for one in options.set for word in ("--set", one)]
    return Spare(store=store, command=shlex.join(words))
