"""What is counted of a command: one execution, less that of the same program without its work."""

import shlex

from perfci.model.text import printable
from perfci.runners.commands.steps import Execution
from perfci.runners.counting.program import Program
from perfci.runners.counting.startup import ignores_hash_seed, startup
from perfci.runners.failures import failure

_SHELL = ("/bin/sh", "-c")


def of_command(execution: Execution) -> Program:
    """Return the command as it is counted: as it is measured, less its start-up."""
    work, subject = execution.work, execution.subject
    idle = startup(work)
    note = (
        f"{printable(str(subject.benchmark.id))} starts Python with -E or -I, which ignores"
        " PYTHONHASHSEED: its instructions will not repeat"
        if ignores_hash_seed(work)
        else ""
    )
    return Program(
        subject=subject,
        start=execution.start(work.argv),
        run=lambda start: execution.within(lambda: execution.place.spawner.run(start)),
        judge=lambda ended: failure(ended, subject, execution.place.read_output, work.exit_codes),
        output=execution.place.read_output,
        idle=execution.start(idle) if idle else None,
        idle_name=idle[-1] if idle[:2] == _SHELL else shlex.join(idle),
        note=note,
    )
