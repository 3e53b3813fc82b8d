"""How sure scores are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

MIN_CLUSTERS = 5
_RESAMPLES = 1000
_CONFIDENCE = 0.95
_Z = 1.959963984540054  # the normal quantile at 0.975


def wilson_interval(right: float, total: int) -> tuple[float, float]:
    """The 95 % interval of an accuracy (Wilson 1927): right even for few examples and for 0 and 100 %."""
    if total == 0:
        return 0.0, 1.0
    share = right / total
    centre = share + _Z**2 / (2 * total)
    half = _Z * math.sqrt(share * (1 - share) / total + _Z**2 / (4 * total**2))
    scale = 1 + _Z**2 / total
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def bootstrap_ratio(
    points: ArrayLike, counts: ArrayLike, clusters: Sequence[str], seed: int
) -> tuple[float, float] | None:
    """The 95 % interval of `sum(points) / sum(counts)` when whole clusters (speakers) are drawn again.

    None with fewer than `MIN_CLUSTERS` clusters: so few speakers say nothing about others.
    Percentile bootstrap over clusters (Davison & Hinkley 1997, 3.8), 1000 draws.
    """
    names, cluster_of = np.unique(np.asarray(clusters, dtype=object).astype(str), return_inverse=True)
    if len(names) < MIN_CLUSTERS:
        return None
    tops = np.bincount(cluster_of, weights=np.asarray(points, dtype=float), minlength=len(names))
    bottoms = np.bincount(cluster_of, weights=np.asarray(counts, dtype=float), minlength=len(names))
    generator = np.random.default_rng(seed)
    even = np.full(len(names), 1 / len(names))
    # Drawn in rounds, so that 100,000 speakers need no matrix of 1000 x 100,000.
    rounds = [generator.multinomial(len(names), even, size=50) for _ in range(_RESAMPLES // 50)]
    ratios = np.concatenate([(draws @ tops) / np.maximum(draws @ bottoms, 1e-12) for draws in rounds])
    low, high = np.quantile(ratios, [(1 - _CONFIDENCE) / 2, (1 + _CONFIDENCE) / 2])
    return float(low), float(high)


def paired_difference(
    system: ArrayLike,
    other: ArrayLike,
    counts: ArrayLike,
    clusters: Sequence[str],
    seed: int,
) -> tuple[float, float] | None:
    """The 95 % interval of how much two systems' scores differ on the same examples (`bootstrap_ratio`)."""
    return bootstrap_ratio(np.subtract(system, other), counts, clusters, seed)
