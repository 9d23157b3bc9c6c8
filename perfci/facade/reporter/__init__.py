"""Reports over a window of time, and a pipeline's summary of some results."""
