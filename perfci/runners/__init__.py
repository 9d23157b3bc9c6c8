"""Work to launches, one module a kind of work."""
