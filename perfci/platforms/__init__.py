"""CI systems: what their variables say, and where they want to be told."""
