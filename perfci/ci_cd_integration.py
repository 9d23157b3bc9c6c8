"""The Python API's gate from variables alone: `python -m perfci.ci_cd_integration`.

Every field of CICDConfig and of RegressionTestConfig is a variable of its name in upper case
(`FAIL_ON_MAJOR_REGRESSION=true`, `TEST_ITERATIONS=20`, `ENABLED_COMPONENTS=system_monitor,codec`).
`PERFCI_REGISTER=package.module:function` names a function of the project that takes the framework
and registers tests. `PERFCI_STORE=file:DIR` is the framework's folder, `PERFCI_OUTPUT=DIR` the
folder of the reports.
"""

import asyncio
import sys
from contextlib import suppress

from perfci.cli.guard import answered
from perfci.facade.ci.door import answer, integration
from perfci.facade.ci.integration import CICDIntegration
from perfci.facade.config import CICDConfig

__all__ = ["CICDConfig", "CICDIntegration", "main"]


def main() -> int:
    """Run the gate of this pipeline; return its exit code, 0, 1 or 2."""
    return answered(_run)


def _run() -> int:
    gate = integration()
    try:
        result = asyncio.run(gate.run_ci_cd_performance_tests())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    # the verdict stands where nobody reads it
    with suppress(OSError, ValueError, AttributeError):
        sys.stdout.write(answer(gate, result))
        sys.stdout.flush()
    return result.exit_code


if __name__ == "__main__":
    raise SystemExit(main())
