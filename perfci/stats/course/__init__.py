"""What became of a series over its commits: level changes, episodes, drift. Pure; numpy only."""

from perfci.stats.course.blame import culprits
from perfci.stats.course.following import follow, follow_all

__all__ = ["culprits", "follow", "follow_all"]
