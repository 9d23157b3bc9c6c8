"""Benchmarks in containers of their own images, beside perfci, through the Docker socket."""
