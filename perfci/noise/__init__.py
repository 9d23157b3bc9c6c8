"""What gates between equal code tell of a machine; pure, from what was measured alone."""
