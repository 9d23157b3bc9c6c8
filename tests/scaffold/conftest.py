"""Repositories to be looked at, and the command as a user starts it."""

from tests.command.conftest import App, Run, app, perfci

__all__ = ["App", "Run", "app", "perfci"]
