"""Files of benchmark results to measurements, one module a format."""
