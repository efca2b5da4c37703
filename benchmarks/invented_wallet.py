"""Write an invented wallet export: python benchmarks/invented_wallet.py FILE ROWS [SEED]."""

import sys
from pathlib import Path

from core.wallet.ingest.sample_data import write_events

if __name__ == "__main__":
    file, rows, *seed = sys.argv[1:]
    write_events(Path(file), int(rows), seed=int(seed[0]) if seed else 7)
