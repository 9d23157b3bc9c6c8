"""python-gitlab on the notes below the merge request 3 of project 7; run by a Python that has it.

    python notes.py list
    python notes.py make BODY

ADDRESS names the server, TOKEN the token. The last line it prints is its answer, in JSON.
"""

import json
import os
import sys
from importlib import import_module
from typing import Any

# by name: the Python that checks this file need not have it
_gitlab: Any = import_module("gitlab")
_server = _gitlab.Gitlab(os.environ["ADDRESS"], private_token=os.environ["TOKEN"])
_request = _server.projects.get(7, lazy=True).mergerequests.get(3, lazy=True)

if sys.argv[1] == "make":
    _request.notes.create({"body": sys.argv[2]})
_notes = _request.notes.list(get_all=True, order_by="created_at", sort="asc")
sys.stdout.write(f"\n{json.dumps([[it.author['username'], it.body] for it in _notes])}\n")
