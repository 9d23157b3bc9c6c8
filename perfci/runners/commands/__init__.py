"""Commands: every execution is a fresh process."""
