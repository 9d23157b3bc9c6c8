"""GitHub Actions, and Gitea and Forgejo, which speak its language: what they say and are told."""

from perfci.platforms.github.events import detect

__all__ = ["detect"]
