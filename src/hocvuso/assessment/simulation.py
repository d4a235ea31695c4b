"""The adaptive test on simulated people: how far its estimate is from the truth, beside libraries we did not write, and how often
each question is shown. Uses the same functions that serve real tests; touches no table.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hocvuso.assessment import adaptive

# Exposure is looked at anew after so many people, as background work does with real ones.
REFRESH = 50


@dataclass(frozen=True)
class Error:
    """How far estimates are from the truth: root mean square error, mean error, correlation."""

    rmse: float
    bias: float
    correlation: float


@dataclass(frozen=True)
class Simulated:
    """What a simulation found. `exposure`: item → share of people it was shown to; `overlap`: share of questions two people have in common."""

    ours: Error
    same_prior: Error
    likelihood: Error
    fixed: Error
    exposure: Mapping[str, float]
    limit: float
    overlap: float
    standard_error: float
    right_decisions: float
    content_kept: bool


def simulate(
    bank: Sequence[Mapping[str, Any]],
    blueprint: Sequence[Mapping[str, Any]],
    *,
    people: int,
    seed: int,
    limit: float,
    pass_ratio: float,
) -> Simulated:
    """Let `people` with abilities from a standard normal distribution take the test. The same seed gives the same figures.

    bank: items with `id skill cell a b`, where `cell` is the place of their cell in the blueprint.
    """
    dice = random.Random(seed)  # noqa: S311 – a simulation
    abilities = [dice.gauss(0, 1) for _ in range(people)]
    by_cell = [[one for one in bank if one["cell"] == place] for place in range(len(blueprint))]
    curve = adaptive.expected_curve(
        [(cell["count"], [(one["a"], one["b"]) for one in by_cell[place]]) for place, cell in enumerate(blueprint)]
    )
    shown = dict.fromkeys((one["id"] for one in bank), 0)
    over: set[str] = set()
    papers, errors = [], []
    for number, ability in enumerate(abilities):
        if number and number % REFRESH == 0:
            over = {code for code, times in shown.items() if times / number > limit}
        paper, estimate, error = _sit(ability, by_cell, blueprint, over, dice)
        papers.append((paper, estimate))
        errors.append(error)
        for item, _ in paper:
            shown[item["id"]] += 1
    found = [estimate for _, estimate in papers]
    cut = adaptive.cut(curve, pass_ratio)
    decisions = [(one >= cut) == (ability >= cut) for one, ability in zip(found, abilities, strict=True)]
    counts = [
        [sum(item["cell"] == place for item, _ in paper) for place in range(len(blueprint))] for paper, _ in papers
    ]
    length = sum(cell["count"] for cell in blueprint)
    exposure = {code: times / people for code, times in shown.items()}
    return Simulated(
        ours=_error(found, abilities),
        same_prior=_error(_girth_abilities([paper for paper, _ in papers]), abilities),
        likelihood=_error([_catsim_ability(paper) for paper, _ in papers], abilities),
        fixed=_error([_whole(ability, by_cell, blueprint, dice) for ability in abilities], abilities),
        exposure=exposure,
        limit=limit,
        overlap=sum(share * share for share in exposure.values()) / length,
        standard_error=statistics.fmean(errors),
        right_decisions=sum(decisions) / people,
        content_kept=all(count == [cell["count"] for cell in blueprint] for count in counts),
    )


def _sit(
    ability: float,
    by_cell: Sequence[Sequence[Mapping[str, Any]]],
    blueprint: Sequence[Mapping[str, Any]],
    over: set[str],
    dice: random.Random,
) -> tuple[list[tuple[Mapping[str, Any], bool]], float, float]:
    """One person takes the adaptive test: the paper with right and wrong, the estimate and its standard error."""
    paper: list[tuple[Mapping[str, Any], bool]] = []
    taken = [0] * len(blueprint)
    estimate, error = adaptive.estimate([], [])
    while (cell := adaptive.next_cell(blueprint, taken, dice)) is not None:
        used = {item["id"] for item, _ in paper}
        fitting = adaptive.allowed([one for one in by_cell[cell] if one["id"] not in used], (), over)
        item = fitting[adaptive.pick(estimate, [(one["a"], one["b"]) for one in fitting], dice)]
        paper.append((item, _answers(ability, item, dice)))
        taken[cell] += 1
        estimate, error = adaptive.estimate([(i["a"], i["b"]) for i, _ in paper], [right for _, right in paper])
    return paper, estimate, error


def _whole(
    ability: float,
    by_cell: Sequence[Sequence[Mapping[str, Any]]],
    blueprint: Sequence[Mapping[str, Any]],
    dice: random.Random,
) -> float:
    """The estimate from a paper drawn at random at once, as long as the adaptive one."""
    paper = [item for place, cell in enumerate(blueprint) for item in dice.sample(list(by_cell[place]), cell["count"])]
    right = [_answers(ability, item, dice) for item in paper]
    return adaptive.estimate([(item["a"], item["b"]) for item in paper], right)[0]


def _answers(ability: float, item: Mapping[str, Any], dice: random.Random) -> bool:
    return dice.random() < adaptive.right_ratios(ability, [(item["a"], item["b"])])[0]


def _girth_abilities(papers: Sequence[Sequence[tuple[Mapping[str, Any], bool]]]) -> list[float]:
    """girth's EAP on the same answers under the same prior (an estimator we did not write, MIT licence)."""
    import girth
    import numpy as np
    from scipy.stats import norm

    options = {"distribution": norm(0, adaptive.PRIOR_SPREAD).pdf}
    found = []
    for paper in papers:
        right = np.array([[int(answer)] for _, answer in paper])
        b = np.array([item["b"] for item, _ in paper])
        a = np.array([item["a"] for item, _ in paper])
        found.append(float(girth.ability_eap(right, b, a, options=options)[0]))
    return found


def _catsim_ability(paper: Sequence[tuple[Mapping[str, Any], bool]]) -> float:
    """catsim's maximum likelihood on the same answers; at the ends of its scale where all are right or all wrong."""
    import numpy as np
    from catsim.estimation import NumericalSearchEstimator
    from catsim.item_bank import ItemBank

    right = [answer for _, answer in paper]
    if len(set(right)) == 1:
        return adaptive.HIGHEST if right[0] else adaptive.LOWEST
    bank = ItemBank(np.array([[item["a"], item["b"], 0.0, 1.0] for item, _ in paper]), validate=False)
    found = NumericalSearchEstimator().estimate(
        item_bank=bank, administered_items=list(range(len(paper))), response_vector=right, est_theta=0.0
    )
    return min(max(float(found), adaptive.LOWEST), adaptive.HIGHEST)


def _error(found: Sequence[float], truth: Sequence[float]) -> Error:
    differences = [one - other for one, other in zip(found, truth, strict=True)]
    return Error(
        rmse=statistics.fmean(one * one for one in differences) ** 0.5,
        bias=statistics.fmean(differences),
        correlation=statistics.correlation(found, truth),
    )


def invented_bank(blueprint: Sequence[Mapping[str, Any]], *, items: int, seed: int) -> list[dict[str, Any]]:
    """Items with believable parameters for every cell, `items` of them, shared out by the cells' sizes."""
    dice = random.Random(seed)  # noqa: S311 – a simulation
    total = sum(cell["count"] for cell in blueprint)
    bank = []
    for place, cell in enumerate(blueprint):
        for number in range(max(2 * cell["count"], round(items * cell["count"] / total))):
            bank.append(
                {
                    "id": f"{cell['skills'][0]}-{number}",
                    "skill": cell["skills"][0],
                    "cell": place,
                    "a": dice.lognormvariate(0.1, 0.25),
                    "b": min(max(dice.gauss(0, 1), -3), 3),
                }
            )
    return bank
