"""Whole histories of other tools: many runs in one file, or one run in each of many files."""
