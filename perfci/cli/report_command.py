"""`perfci report`: render a stored result again."""

import sys
from argparse import Namespace
from pathlib import Path

from perfci import pipeline
from perfci.cli.conclude import insist
from perfci.cli.files import out_of_range
from perfci.cli.report_as import write_as
from perfci.cli.report_history import with_history
from perfci.cli.result_files import path_of, read_result
from perfci.errors import ExitCode
from perfci.plan.plan import Outputs
from perfci.platforms.folder import FolderSink
from perfci.wiring import telling


def main(options: Namespace) -> int:
    """Write every report of a result; the verdict is the stored one, and is not judged anew."""
    if options.form:
        return write_as(options)
    evaluation = with_history(read_result(options.result))
    folder = Path(options.output) if options.output else path_of(options.result).parent
    outputs = Outputs(folder=str(folder), html=True, charts=True, comment="always")
    with out_of_range(options.result):
        emissions = pipeline.render(evaluation, telling.drawn(outputs))
    insist(pipeline.deliver(emissions, [FolderSink(folder)]))
    sys.stdout.write(f"{folder / 'report.html'}\n")
    return ExitCode.PASS
