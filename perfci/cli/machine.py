"""What the doctor finds out about the machine."""

from perfci.doctor import Machine
from perfci.wiring import parts, process
from perfci.wiring.project import Project


def look_at_machine(project: Project | None) -> Machine:
    """Watch the machine for a second.

    Args:
        project: whose interpreter counts; None where its settings cannot be read.
    """
    probe = parts.probe(project)
    told = process.machine()
    return Machine(
        environment=probe.environment(),
        doubts=probe.doubts(),
        health=parts.health(),
        load=told.load,
        delay_readable=told.delay_readable,
    )
