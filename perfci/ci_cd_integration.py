"""The Python API's gate from variables alone: `python -m perfci.ci_cd_integration`.

Every field of CICDConfig and of RegressionTestConfig is a variable of its name in upper case
(`FAIL_ON_MAJOR_REGRESSION=true`, `TEST_ITERATIONS=20`, `ENABLED_COMPONENTS=system_monitor,codec`).
`PERFCI_REGISTER=package.module:function` names a function of the project that takes the framework
and registers tests. `PERFCI_STORE=file:DIR` is the framework's folder, `PERFCI_OUTPUT=DIR` the
folder of the reports.
"""

import asyncio
import signal
import sys
from contextlib import suppress
from types import FrameType

from perfci.cli.say import error_text
from perfci.errors import ExitCode, PerfciError
from perfci.facade.ci.door import answer, integration
from perfci.facade.ci.integration import CICDIntegration
from perfci.facade.config import CICDConfig
from perfci.model.text import printable
from perfci.wiring import process

__all__ = ["CICDConfig", "CICDIntegration", "main"]


def main() -> int:
    """Run the gate of this pipeline; return its exit code, 0, 1 or 2."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        # a cancelled job is told by these: what is measured is ended, what was measured is kept
        signal.signal(number, _interrupt)
    try:
        return _run()
    except PerfciError as error:
        message = error_text(error)
    except (KeyboardInterrupt, asyncio.CancelledError):
        message = "perfci: interrupted\n"
    except SystemExit:
        message = "perfci: a test ended the process, and with it the gate\n"
    # Python itself would end with 1, which says that the gate failed
    except Exception as error:  # noqa: BLE001 - the edge: a crash is 2 and a message, never 1
        message = f"perfci: internal error: {printable(f'{type(error).__name__}: {error}')}\n"
    process.say(message)
    return ExitCode.ERROR


def _run() -> int:
    gate = integration()
    result = asyncio.run(gate.run_ci_cd_performance_tests())
    # the verdict stands where nobody reads it
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.write(answer(gate, result))
        sys.stdout.flush()
    return result.exit_code


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main())
