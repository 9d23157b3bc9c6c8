"""Damage files of real tools at random for some minutes, and see what their readers say.

    python -m benchmarks.fuzz_readers [MINUTES] [SEED]

Prints every new kind of crash with the number that repeats it, and at the end how many files were
read, refused and crashed. Exit code 1 where any crashed.
"""

import sys
import time
import traceback
from collections import Counter
from random import Random

from tests.readers.fuzzing import one, read


def main(minutes: float = 10.0, seed: int = 1) -> int:
    """Run for so long."""
    counts: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    slowest = (0.0, 0)
    end = time.monotonic() + minutes * 60
    while time.monotonic() < end:
        item, sources = one(Random(seed))  # noqa: S311 - chance, not secrecy
        start = time.monotonic()
        try:
            counts["read" if read(item, *sources) else "refused"] += 1
        # a reader may let out one kind of error: any other is what is looked for
        except Exception as error:  # noqa: BLE001 - the very thing that is looked for
            counts["crashed"] += 1
            place = traceback.extract_tb(error.__traceback__)[-1]
            what = f"{item.name}: {type(error).__name__} at {place.filename}:{place.lineno}"
            seen[what] += 1
            if seen[what] == 1:
                print(f"{seed}: {what}: {str(error)[:200]}", flush=True)
        slowest = max(slowest, (time.monotonic() - start, seed))
        seed += 1
    print(f"{counts.total():,} files: {dict(counts)}; slowest {slowest[0]:.2f} s ({slowest[1]})")
    for what, number in seen.most_common():
        print(f"{number:6} {what}")
    return 1 if seen else 0


if __name__ == "__main__":
    sys.exit(main(*(kind(text) for kind, text in zip((float, int), sys.argv[1:], strict=False))))
