"""The error of forecasts, how often their ranges hold, and what they say after breaks.

Beside them: seasonal naive and statsforecast's AutoETS, AutoTheta and MSTL.

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

from benchmarks.break_grid import MAX_OFF, MIN_WEEKS, measure_cell
from benchmarks.broken_days import BREAKS, GAPS, LIVES, broken
from benchmarks.hostile_days import HOSTILE, hostile
from benchmarks.invented_days import KINDS, invented
from benchmarks.rolling_origin import POINT_DAYS, complete_days, held, held_far, origins, public_series
from core.forecast.depletion import quantiles
from core.forecast.simulation import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from core.forecast.daily import DailySeries

    Floats = NDArray[np.float64]

PUBLIC = Path(__file__).resolve().parent.parent / "tests" / "data" / "forecast"
SEEDS, HOSTILE_SEEDS = (11, 12, 13), (21, 22)
STEP_DAYS, PEER_ORIGINS, PEER_DAYS, WEEK = 7, 6, 730, 7
PEERS = ("AutoETS", "AutoTheta", "MSTL")
GRID_SEEDS, PEER_GAPS, PEER_LIVES = (41, 42), (8, 26), (4, 12)


def main(folder: Path = PUBLIC) -> None:
    """Print a line for each series, then the means, then the times."""
    series = public_series(folder) | {f"{kind} {seed}": invented(kind, seed) for kind in KINDS for seed in SEEDS}
    print(f"{'series':34} origins  MASE ratio  21-day total held  depletion day held")
    hard = {f"hostile: {kind}, seed {seed}": hostile(kind, seed) for kind in HOSTILE for seed in HOSTILE_SEEDS}
    ratios = [_line(name, truth) for name, truth in (series | hard).items()]
    print(f"mean MASE ratio {statistics.mean(ratios):.3f} (at most 0.90), largest {max(ratios):.3f} (never above 1)")
    _far(series | hard)
    _after_breaks()
    _beside_peers(
        {name: truth for name, truth in series.items() if name in public_series(folder) or name.endswith(str(SEEDS[0]))}
    )


def _line(name: str, truth: Floats) -> float:
    found = held(truth, origins(truth, STEP_DAYS), paths=1_000)
    print(
        f"{name:34} {found.origins:7} {found.ratio:11.3f} {found.total_held:18.0%} {found.depletion_held:19.0%}",
        flush=True,
    )
    return found.ratio


def _far(series: dict[str, Floats]) -> None:
    """Print how often ranges of 7, 28 and 84 days held, and the year's mean over actual usage, on average and by series."""
    found = {name: held_far(truth, origins(truth, 2 * STEP_DAYS)) for name, truth in series.items()}
    means = np.nanmean([spans for spans, _ in found.values()], axis=0)
    print(f"ranges of 7, 28 and 84 days held in {' '.join(f'{mean:.0%}' for mean in means)}")
    years = {name: year for name, (_, year) in found.items() if year == year}  # noqa: PLR0124 - nan is not itself
    worst = max(years, key=lambda name: years[name])
    print(f"a year's mean over what came: {statistics.mean(years.values()):.2f}, largest {years[worst]:.2f} ({worst})")


def _after_breaks() -> None:
    """Print a line for each kind of break: the cells that hold, ours and the peers'."""
    print(f"{'break':24} cells  within  worst 28/84 days  highest end  year's mean  within: {', '.join(PEERS)}")
    for kind in BREAKS:
        cells = [measure_cell(kind, gap, live, seed) for gap in GAPS for live in LIVES for seed in GRID_SEEDS]
        known = [cell for cell in cells if cell.since >= MIN_WEEKS]
        worst = [max((cell.middles[nth] for cell in known), key=lambda middle: abs(middle - 1)) for nth in range(2)]
        high, year = max(max(cell.highs) for cell in known), statistics.mean(cell.year for cell in known)
        peers = [f"{_peer_within(kind, peer):.0%}" for peer in PEERS]
        held_cells = sum(cell.holds for cell in known)
        ours = f"{kind:24} {len(known):5} {held_cells:7} {worst[0]:8.2f} {worst[1]:6.2f} {high:12.2f} {year:12.2f}"
        print(f"{ours}  {' '.join(peers)}", flush=True)


def _peer_within(kind: str, peer: str) -> float:
    """Return the share of cells of one seed in which a peer's 28 and 84 days are within a quarter of the truth."""
    held_cells = []
    for gap in PEER_GAPS:
        for live in PEER_LIVES:
            known, truth = broken(kind, gap, live, GRID_SEEDS[0])
            said = _peer_forecast(peer, known, 84)
            held_cells.append(all(abs(said[:days].sum() / truth[:days].sum() - 1) <= MAX_OFF for days in (28, 84)))
    return statistics.mean(held_cells)


def _beside_peers(series: dict[str, Floats]) -> None:
    """Print all errors relative to seasonal naive's, on the same origins with the same days, and the times."""
    ratios: dict[str, list[float]] = {name: [] for name in ("ours", *PEERS)}
    times: dict[str, list[float]] = {name: [] for name in ratios}
    for truth in series.values():
        errors: dict[str, list[float]] = {name: [] for name in (*ratios, "naive")}
        for day in np.linspace(min(400, len(truth) // 2), len(truth) - POINT_DAYS - 1, PEER_ORIGINS).astype(int):
            known = complete_days(truth, int(day))
            real = truth[known.days : known.days + POINT_DAYS]
            naive = np.tile(np.asarray(known.credits[-7:]), POINT_DAYS // 7)
            errors["naive"].append(float(np.abs(naive - real).mean()))
            for name in ratios:
                seconds, said = _timed(lambda name=name, known=known: _point(name, known))
                errors[name].append(float(np.abs(said - real).mean()))
                times[name].append(seconds)
        for name, ratio in ratios.items():
            ratio.append(float(np.mean(errors[name]) / np.mean(errors["naive"])))
    print(f"28 days with an 80 % range, {len(series)} series, {PEER_ORIGINS} origins each")
    for name, ratio in ratios.items():
        print(f"{name:10} MASE ratio {np.mean(ratio):.3f}, {statistics.median(times[name]) * 1000:.1f} ms")


def _point(name: str, known: DailySeries) -> Floats:
    return _our_forecast(known) if name == "ours" else _peer_forecast(name, np.asarray(known.credits[-PEER_DAYS:]), POINT_DAYS)


def _timed(work: Callable[[], Floats]) -> tuple[float, Floats]:
    start = time.perf_counter()
    found = work()
    return time.perf_counter() - start, found


def _our_forecast(known: DailySeries) -> Floats:
    paths = simulate(known, POINT_DAYS)
    quantiles(paths.sum(axis=1))
    return np.asarray(np.median(paths, axis=0))


def _peer_forecast(peer: str, used: Floats, days: int) -> Floats:
    from statsforecast import models  # noqa: PLC0415 - slow to load, and a benchmark's only

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = getattr(models, peer)(season_length=WEEK)
        return np.asarray(model.forecast(used, h=days, level=[80])["mean"])


if __name__ == "__main__":
    main(*(Path(folder) for folder in sys.argv[1:2]))
