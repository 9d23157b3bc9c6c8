"""Programs started by a small process of their own, timed, and ended with all that they started."""
