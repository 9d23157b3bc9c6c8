"""A door to the Python API; see perfci.facade."""
