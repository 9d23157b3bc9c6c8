"""The image's entry point: `run` where no other verb is given, and an orderly end when stopped."""

import signal
import sys

from perfci.__main__ import main

if __name__ == "__main__":
    # As process 1 there is no default for SIGTERM: without this, a cancelled job would hang until
    # it is killed. Ended like Ctrl-C, the measured programs end too and what was measured is kept.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    raise SystemExit(main(sys.argv[1:] or ["run"]))
