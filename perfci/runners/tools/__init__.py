"""Other benchmark tools: they are run, or have been, and what they measured is read."""
