"""perf-regression: gates that believe a benchmark only as far as the evidence goes.

Nothing is imported here, so that `perfci --version` costs no more than starting Python.
"""

__all__ = ["__version__"]

__version__ = "0.1.0"
