"""What is counted of a callable: many calls less fewer, in two processes that differ in no more."""

import json
from collections.abc import Mapping
from pathlib import Path

from perfci.model.work import Function
from perfci.runners.callables.shape import Shape
from perfci.runners.callables.targets import load_order
from perfci.runners.callables.workplace import WORKER, Workplace
from perfci.runners.counting.program import Program
from perfci.runners.failures import Subject, failure
from perfci.runners.processes.spawning import Start


def of_function(
    subject: Subject, place: Workplace, environ: Mapping[str, str], python: Path, shape: Shape
) -> Program:
    """Return the callable as it is counted: one sample's calls after as many that are subtracted.

    Args:
        subject: whom errors are about.
        place: where it runs.
        environ: the process's variables.
        python: what runs the worker.
        shape: how it is sampled.
    """
    benchmark = subject.benchmark
    work = benchmark.work
    assert isinstance(work, Function)  # noqa: S101 - the runner of callables asks
    order = load_order(work, place.root, place.definitions, shape.forms[subject.side])
    told = json.dumps(order, default=str)
    program = str(place.program(WORKER) / "__main__.py")
    calls = shape.inner * shape.batches

    def start(times: int) -> Start:
        # of one length, so that both processes begin with the same memory
        return Start(
            executable=python,
            argv=(str(python), program, "--count", f"{times:012d}", told),
            cwd=place.root / benchmark.cwd,
            environ=environ,
            output=place.output,
            timeout=benchmark.timeout,
        )

    return Program(
        subject=subject,
        start=start(2 * calls),
        run=place.spawner.run,
        judge=lambda ended: failure(ended, subject, place.read_output),
        output=place.read_output,
        idle=start(calls),
        idle_name="its start-up",
        calls=calls,
        least=0.0,
    )
