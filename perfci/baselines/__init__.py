"""Baselines above every store: where runs lie, and what is known of a branch.

`v1/<project>/branches/<branch>/runs/<run id>.json.gz` is the truth, one immutable object a run;
`.../history.json` is the index of the newest runs and can always be made again from them.
"""

from perfci.baselines.index import WINDOW, load_history, record
from perfci.baselines.keys import branch_key, branch_of, project_key, run_id

__all__ = [
    "WINDOW",
    "branch_key",
    "branch_of",
    "load_history",
    "project_key",
    "record",
    "run_id",
]
