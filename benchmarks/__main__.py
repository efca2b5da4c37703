"""`make bench`: runs every benchmark in turn; name some to run only those."""

import sys
from importlib import import_module
from pathlib import Path

NOT_MEASURED = {
    "__init__",
    "__main__",
    "break_grid",
    "broken_days",
    "demo",
    "hostile_days",
    "invented_days",
    "rolling_origin",
}
FOUND = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in NOT_MEASURED)

for name in sys.argv[1:] or FOUND:
    print(f"── {name}", flush=True)
    import_module(f"benchmarks.{name}").main()
