"""Results of other tools, one module a tool; each has a `FORMAT`, or several."""
