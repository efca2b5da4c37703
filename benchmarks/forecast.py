"""How far off forecasts are and how often their ranges hold, beside seasonal naive and statsforecast's AutoETS.

Usage: python -m benchmarks.forecast [FOLDER of CSV files with day and value]
"""

from __future__ import annotations

import statistics
import sys
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.hostile_days import HOSTILE, hostile
from benchmarks.invented_days import KINDS, invented
from benchmarks.rolling_origin import POINT_DAYS, complete_days, held, origins, public_series
from core.forecast.depletion import quantiles
from core.forecast.paths import simulated

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from core.forecast.daily import DailySeries

    Floats = NDArray[np.float64]

PUBLIC = Path(__file__).resolve().parent.parent / "tests" / "data" / "forecast"
SEEDS, HOSTILE_SEEDS = (11, 12, 13), (21, 22)
STEP_DAYS, PEER_ORIGINS, PEER_DAYS = 7, 6, 730


def main(folder: Path = PUBLIC) -> None:
    """Print a line for each series, then the means, then the times."""
    series = public_series(folder) | {f"{kind} {seed}": invented(kind, seed) for kind in KINDS for seed in SEEDS}
    print(f"{'series':34} origins  MASE ratio  21-day total held  depletion day held")
    hard = {f"hostile: {kind}, seed {seed}": hostile(kind, seed) for kind in HOSTILE for seed in HOSTILE_SEEDS}
    ratios = [_line(name, truth) for name, truth in (series | hard).items()]
    print(f"mean MASE ratio {statistics.mean(ratios):.3f} (at most 0.90), largest {max(ratios):.3f} (never above 1)")
    _beside_peer({name: truth for name, truth in series.items() if name in public_series(folder) or name.endswith(str(SEEDS[0]))})


def _line(name: str, truth: Floats) -> float:
    found = held(truth, origins(truth, STEP_DAYS), paths=1_000)
    print(
        f"{name:34} {found.origins:7} {found.ratio:11.3f} {found.total_held:18.0%} {found.depletion_held:19.0%}",
        flush=True,
    )
    return found.ratio


def _beside_peer(series: dict[str, Floats]) -> None:
    """Print both errors over seasonal naive's, on the same origins with the same days, and both times."""
    ours, theirs, our_times, their_times = [], [], [], []
    for truth in series.values():
        errors = []
        for day in np.linspace(min(400, len(truth) // 2), len(truth) - POINT_DAYS - 1, PEER_ORIGINS).astype(int):
            known = complete_days(truth, int(day))
            real = truth[known.days : known.days + POINT_DAYS]
            seconds, our_point = _timed(lambda known=known: _our_forecast(known))
            their_seconds, their_point = _timed(lambda known=known: _auto_ets(known))
            naive = np.tile(np.asarray(known.credits[-7:]), POINT_DAYS // 7)
            errors.append([float(np.abs(point - real).mean()) for point in (our_point, their_point, naive)])
            our_times.append(seconds)
            their_times.append(their_seconds)
        mean = np.mean(errors, axis=0)
        ours.append(mean[0] / mean[2])
        theirs.append(mean[1] / mean[2])
    print(
        f"MASE ratio on {len(ours)} series, {PEER_ORIGINS} origins each: ours {np.mean(ours):.3f}, AutoETS {np.mean(theirs):.3f}"
    )
    quick, slow = statistics.median(our_times), statistics.median(their_times)
    print(f"28 days with an 80 % range: ours {quick * 1000:.1f} ms, AutoETS {slow * 1000:.0f} ms, {slow / quick:.0f} times")


def _timed(work: Callable[[], Floats]) -> tuple[float, Floats]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def _our_forecast(known: DailySeries) -> Floats:
    paths = simulated(known, POINT_DAYS)
    quantiles(paths.sum(axis=1))
    return np.asarray(np.median(paths, axis=0))


def _auto_ets(known: DailySeries) -> Floats:
    from statsforecast.models import AutoETS  # noqa: PLC0415 - slow to load, and a benchmark's only

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        used = np.asarray(known.credits[-PEER_DAYS:])
        return np.asarray(AutoETS(season_length=7).forecast(used, h=POINT_DAYS, level=[80])["mean"])


if __name__ == "__main__":
    main(*(Path(folder) for folder in sys.argv[1:2]))
