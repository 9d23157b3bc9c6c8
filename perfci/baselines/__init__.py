"""Baselines above every store: where runs lie, and what is known of a branch.

`v1/<project>/branches/<branch>/runs/<run id>.json.gz` is the truth, one immutable object a run;
beside it, `.../acceptances/<id>.json` says which of them are good enough although they regressed;
`.../history.json` is the index of the newest runs and can always be made again from both.
"""

from perfci.baselines.index import (
    WINDOW,
    accept,
    keep_all,
    load_history,
    record,
    refresh,
    whole_history,
)
from perfci.baselines.keys import branch_key, branch_of, project_key, run_id
from perfci.baselines.regressed import Regressed, regressed_now

__all__ = [
    "WINDOW",
    "Regressed",
    "accept",
    "branch_key",
    "branch_of",
    "keep_all",
    "load_history",
    "project_key",
    "record",
    "refresh",
    "regressed_now",
    "run_id",
    "whole_history",
]
