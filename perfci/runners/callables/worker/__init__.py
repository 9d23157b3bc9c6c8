"""The worker: calls a benchmark's function; run by the measured project's own interpreter.

Standard library only, and nothing that Python 3.8 does not know. See `__main__`.
"""
