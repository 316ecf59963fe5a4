"""`python -m benchmarks.crowd FOLDER N`: publish one issue for N readers, say what it took as JSON."""

from __future__ import annotations

import json
import resource
import sys
import time

from benchmarks.sending import fill
from digest.stores.sql import open_store


def main() -> None:
    folder, readers = sys.argv[1], int(sys.argv[2])
    with open_store(f"sqlite:///{folder}/digest.db") as store:
        wall, cpu = time.perf_counter(), time.process_time()
        fill(store, "crowd", readers)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        assert store.operator.count_by_state() == {"pending": readers}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"readers": readers, "wall": round(wall, 2), "cpu": round(cpu, 2), "memory": round(memory, 1)}))


if __name__ == "__main__":
    main()
