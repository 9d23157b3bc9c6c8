"""HTTP load, in a closed or an open loop."""
