"""Estimating ability and choosing the next question by the two-parameter model: plain values in, plain values out.

The curves, their information and the pick among the best are catsim's (BSD 3-Clause); the estimate is the mean of the posterior
(EAP) on a fixed grid under a wide normal prior, which hardly pulls towards the middle and stays finite when everything is right or everything wrong. catsim and
numpy are loaded on first use, so that a process that serves no adaptive test does not carry them.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

# The grid abilities are estimated on; part of what an old result follows from, so it never changes without a new ENGINE.
ENGINE = 1
LOWEST, HIGHEST, STEPS = -4.0, 4.0, 81
PRIOR_SPREAD = 2.0
DECIMALS = 4
# How many of the most informative questions the next one is picked from.
BEST = 10
# The share of people a question may be shown to before it rests.
EXPOSURE_LIMIT = 0.25
# The expected share of right answers is frozen with an attempt at these abilities.
CURVE = tuple(LOWEST + 0.5 * place for place in range(17))
# Authors' estimates until answers say more: level 1 easy, 2 middling, 3 hard.
LEVEL_DIFFICULTY = {1: -1.0, 2: 0.0, 3: 1.0}
FIRST_DISCRIMINATION = 1.0

Parameters = tuple[float, float]  # discrimination, difficulty


@lru_cache(maxsize=1)
def _grid() -> tuple[np.ndarray, np.ndarray]:
    import numpy as np

    abilities = np.linspace(LOWEST, HIGHEST, STEPS)
    return abilities, -0.5 * (abilities / PRIOR_SPREAD) ** 2


def _matrix(items: Sequence[Parameters]) -> np.ndarray:
    import numpy as np

    rows = np.ones((len(items), 4))
    rows[:, :2] = items
    rows[:, 2] = 0.0
    return rows


def right_ratios(ability: float, items: Sequence[Parameters]) -> list[float]:
    """The chance of a right answer to each item."""
    from catsim import irt

    return [float(chance) for chance in irt.icc_hpc(ability, _matrix(items))]


def estimate(items: Sequence[Parameters], right: Sequence[bool]) -> tuple[float, float]:
    """Ability and its standard error from answers; the prior's without any. Rounded, so that it is the same everywhere."""
    import numpy as np
    from catsim import irt

    if not items:
        return 0.0, PRIOR_SPREAD
    abilities, weights = _grid()
    chances = np.clip(irt.icc_hpc(abilities[:, None], _matrix(items)), 1e-9, 1 - 1e-9)
    likelihood = weights + np.where(np.asarray(right, dtype=bool), np.log(chances), np.log1p(-chances)).sum(axis=1)
    posterior = np.exp(likelihood - likelihood.max())
    posterior /= posterior.sum()
    mean = float((abilities * posterior).sum())
    error = float((((abilities - mean) ** 2) * posterior).sum() ** 0.5)
    return round(mean, DECIMALS), round(error, DECIMALS)


def expected_curve(cells: Sequence[tuple[int, Sequence[Parameters]]]) -> list[float]:
    """The share of right answers to expect on a paper, at the abilities of CURVE.

    cells: for each cell of the blueprint, how many questions it asks for and the parameters of all that fit it.
    """
    import numpy as np
    from catsim import irt

    abilities = np.asarray(CURVE)[:, None]
    total = sum(count for count, _ in cells)
    shares = sum(count * irt.icc_hpc(abilities, _matrix(items)).mean(axis=1) for count, items in cells)
    return [round(float(share), 6) for share in np.asarray(shares) / total]


def expected_ratio(ability: float, curve: Sequence[float]) -> float:
    """Read the curve at an ability, by straight lines between its points; flat beyond its ends."""
    if ability <= CURVE[0]:
        return curve[0]
    if ability >= CURVE[-1]:
        return curve[-1]
    place = bisect_right(CURVE, ability)
    left, right = CURVE[place - 1], CURVE[place]
    share = (ability - left) / (right - left)
    return curve[place - 1] + share * (curve[place] - curve[place - 1])


def cut(curve: Sequence[float], ratio: float) -> float:
    """The ability at which the curve reaches a ratio: where passing begins."""
    for place in range(1, len(CURVE)):
        if curve[place] >= ratio:
            low, high = curve[place - 1], curve[place]
            share = 0.0 if high == low else max(0.0, (ratio - low) / (high - low))
            return CURVE[place - 1] + share * (CURVE[place] - CURVE[place - 1])
    return CURVE[-1]


def pick(ability: float, items: Sequence[Parameters], dice: random.Random, best: int = BEST) -> int:
    """One of the `best` most informative items at an ability, at random; its place in `items`."""
    from catsim.item_bank import ItemBank
    from catsim.selection import RandomesqueSelector

    bank = ItemBank(_matrix(items), validate=False)
    # catsim asks the generator for nothing but `choice`, and answers none only when nothing is left.
    place = RandomesqueSelector(best).select(item_bank=bank, administered_items=[], est_theta=ability, rng=dice)
    return int(place or 0)


def next_cell(blueprint: Sequence[Mapping[str, Any]], taken: Sequence[int], dice: random.Random) -> int | None:
    """The cell the next question comes from: at random, weighted by how many each still lacks; none when the paper is full.

    taken: for each cell, how many questions it has given. So the content is exactly the blueprint's, in an order nobody can tell.
    """
    lacking = [max(0, cell["count"] - given) for cell, given in zip(blueprint, taken, strict=True)]
    if not any(lacking):
        return None
    return dice.choices(range(len(lacking)), weights=lacking)[0]


def allowed(
    candidates: Sequence[Mapping[str, Any]], seen: Collection[str], over: Collection[str]
) -> list[Mapping[str, Any]]:
    """Candidates that are neither shown too often nor on the person's last paper; those conditions go, in this order, when nothing is left.

    candidates: not empty; each with `id`. over: ids of questions shown to more people than their limit.
    """
    fresh = [one for one in candidates if one["id"] not in seen and one["id"] not in over]
    if fresh:
        return fresh
    return [one for one in candidates if one["id"] not in seen] or list(candidates)
