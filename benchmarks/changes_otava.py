"""Apache Otava as `benchmarks/changes.py` asks it; run by a Python that has it, and nothing else.

Reads one JSON object a line, {"series": [[...]], "window": 50, "p": 0.001, "least": 0.0}, and
answers with {"found": [[...]], "seconds": ...}, of processor time.
"""

import importlib
import json
import sys
import time


def main() -> None:
    """Answer until there are no more questions."""
    analysis = importlib.import_module("otava.analysis")
    for line in sys.stdin:
        asked = json.loads(line)
        settings = {
            "window_len": asked["window"],
            "max_pvalue": asked["p"],
            "min_magnitude": asked["least"],
        }
        start = time.process_time()
        answers = [analysis.compute_change_points(one, **settings)[0] for one in asked["series"]]
        seconds = time.process_time() - start
        found = [[int(point.index) for point in one] for one in answers]
        print(json.dumps({"found": found, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
