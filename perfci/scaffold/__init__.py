"""What `perfci init` writes."""
