"""Instruction counts, by perf or valgrind."""
