"""The CI side of the Python API: the suite as a gate, with its files, chats and exit code."""
