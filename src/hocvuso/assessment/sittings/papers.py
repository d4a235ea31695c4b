"""What an assessor's phone is handed out: papers drawn for each person, without keys, and the key that seals."""

from __future__ import annotations

import random
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from hocvuso.assessment import rules as paper_rules
from hocvuso.assessment.bank import current_bank
from hocvuso.assessment.errors import BankTooSmall
from hocvuso.assessment.models import Policy, Seat, Sitting, SparePaper, WalkIn
from hocvuso.assessment.models.sittings import SittingMode
from hocvuso.assessment.services.attempts import drawn_tasks, task_pool
from hocvuso.assessment.sittings import policies, rules
from hocvuso.assessment.sittings.shared import audit, locked
from hocvuso.curriculum.public import practice_definition
from hocvuso.kernel.clock import local_date
from hocvuso.people.public import Person, home_at

TASKS = Path(__file__).resolve().parent.parent / "data" / "observed.yaml"
TASKS_A_PERSON = 5
SPARES = 10
_dice = random.SystemRandom()


@cache
def _all_tasks() -> tuple[dict[str, Any], ...]:
    return tuple(yaml.safe_load(TASKS.read_text(encoding="utf-8"))["tasks"])


def observed_tasks(policy: Policy) -> list[dict[str, Any]]:
    """The tasks that fit a policy's blueprint."""
    families = [skill for cell in policy.blueprint for skill in cell["skills"]]
    return [task for task in _all_tasks() if paper_rules.in_family(task["skill"], families)]


def give_paper(sitting: Sitting, seats: list[Seat]) -> None:
    """Draw what each of these people will be asked on the assessor's phone. Raises BankTooSmall."""
    for seat, paper in zip(seats, new_papers(sitting, len(seats)), strict=True):
        seat.paper = paper
        seat.save(update_fields=["paper"])


def new_papers(sitting: Sitting, number: int) -> list[list[dict[str, Any]]]:
    """Papers for the assessor's phone: questions or tasks to observe, then the practice tasks the policy asks for, as everywhere.

    Raises BankTooSmall.
    """
    if number < 1:
        return []
    policy, pool = sitting.policy, task_pool(sitting.policy)
    observed, bank = observed_tasks(policy), current_bank()
    papers = []
    for _paper in range(number):
        if sitting.mode == SittingMode.OBSERVED:
            chosen = _dice.sample(observed, min(TASKS_A_PERSON, len(observed)))
            paper = rules.task_paper(chosen, _dice, _("Could not do it"))
        else:
            try:
                paper = paper_rules.draw(bank.questions, policy.blueprint, set(), _dice, bank.over)
            except paper_rules.TooFewQuestions as error:
                raise BankTooSmall from error
        papers.append(paper + drawn_tasks(policy, pool))
    return papers


def spare_papers(sitting: Sitting) -> list[SparePaper]:
    """Papers for people who come unannounced: as many unused ones as a phone may need. Raises BankTooSmall."""
    used = WalkIn.objects.filter(sitting=sitting, spare__isnull=False).values("spare_id")
    unused = list(SparePaper.objects.filter(sitting=sitting).exclude(pk__in=used).order_by("pk"))
    more = [SparePaper(sitting=sitting, paper=paper) for paper in new_papers(sitting, SPARES - len(unused))]
    return [*unused, *SparePaper.objects.bulk_create(more)]


@transaction.atomic
def hand_out(*, actor: Person, sitting: Sitting, at: datetime) -> dict[str, Any]:
    """Everything the assessor's phone needs for this sitting, and nothing else: names, questions without keys (also for people
    who come unannounced), practices, the key that seals. The same questions when asked again. Raises as check_runs (an open sitting only), NotBriefed, BankTooSmall.
    """
    row = locked(sitting)
    policies.check_runs(actor, row, at)
    if row.by_assessor:
        policies.check_briefed(actor)
    seats = policies.seats_of(row)
    taught = policies.taught_by(actor.pk, [seat.person_id for seat in seats])
    allowed = [seat for seat in seats if seat.person_id not in taught]
    # Also in a room: somebody whose own phone fails, or a room without a network, goes on with the assessor's phone.
    give_paper(row, [seat for seat in allowed if seat.paper is None and seat.attempt_id is None])
    if row.handed_out_at is None:
        row.handed_out_at = at
        row.save(update_fields=["handed_out_at"])
    audit(row, actor, "handed_out", at, new={"people": len(allowed)})
    spares = spare_papers(row)
    papers = [seat.paper or [] for seat in allowed if seat.finished_at is None] + [spare.paper for spare in spares]
    played = {digest for paper in papers for digest in rules.digests_of(paper)}
    home = home_at(row.unit, local_date(at))
    return {
        "id": str(row.pk),
        "code": row.code,
        "mode": str(row.mode),
        "title": row.policy.title,
        "place": row.place,
        "ends_at": row.ends_at.isoformat(),
        "handed_out_at": at.isoformat(),
        "lock": row.lock_public,
        "practices": {digest: practice_definition(digest) for digest in sorted(played)},
        "spares": [{"id": str(spare.pk), "paper": rules.without_keys(spare.paper)} for spare in spares],
        "home": home.name if home else "",
        # Who was added at a door and is known by now: the phone's own name for them, and the person.
        "walk_ins": {
            str(walk_in): str(person) if person else ""
            for walk_in, person in WalkIn.objects.filter(sitting=row).values_list("pk", "person_id")
        },
        "left_out": [seat.person.full_name for seat in seats if seat.person_id in taught],
        "seats": [
            {
                "person": str(seat.person_id),
                "name": seat.person.full_name,
                "born": seat.person.birth_year,
                "present": seat.present_at is not None,
                "finished": seat.finished_at is not None,
                "paper": rules.without_keys(seat.paper or []) if seat.finished_at is None else [],
            }
            for seat in allowed
        ],
    }
