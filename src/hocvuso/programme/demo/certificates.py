"""The certificates and confirmations behind the city's evidence, so that codes can be checked and officers have a list to work on."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from hocvuso.credentials.public import AssessedResult, ConfirmationState, PastResult
from hocvuso.curriculum.public import policies, skill_titles
from hocvuso.evidence.public import EvidenceKind, NewEvidence
from hocvuso.people.public import find_person_by

CODES = 31**7
# The officers of the ward with demo accounts; elsewhere officers without a name here.
OFFICER, CONFIRMER = "canbo@demo.test", "xacnhan@demo.test"
Officers = tuple[uuid.UUID, uuid.UUID]


def results_by_policy() -> dict[str, AssessedResult]:
    """What a certificate of each policy says, apart from the score."""
    titles, found = skill_titles(), {}
    for policy in policies():
        codes = dict.fromkeys(code for part in policy["blueprint"] for code in part.get("skills", []))
        found[policy["code"]] = AssessedResult(
            policy_code=policy["code"],
            policy_title=policy["title"],
            policy_version=str(policy["version"]),
            passed=True,
            score_ratio=None,
            pass_ratio=policy["pass_ratio"],
            skills=tuple((code, titles.get(code, code)) for code in codes),
            provisional=bool(policy.get("provisional")),
        )
    return found


def demo_officers() -> Officers | None:
    """Who proposes and who confirms in the ward with demo accounts; none without those accounts."""
    officer, confirmer = (find_person_by("EMAIL", email) for email in (OFFICER, CONFIRMER))
    return (officer.pk, confirmer.pk) if officer and confirmer else None


def past_result(
    rng: Random,
    *,
    full_name: str,
    home_unit_id: int | None,
    entries: Sequence[NewEvidence],
    results: dict[str, AssessedResult],
    officers: Officers,
    until: datetime,
) -> PastResult | None:
    """The certificate somebody's entries speak of, as far as its confirmation came; none without one."""
    by_kind = {entry.kind: entry for entry in entries}
    issued = by_kind.get(EvidenceKind.CERTIFICATE_ISSUED)
    passed = by_kind.get(EvidenceKind.ASSESSMENT_PASSED)
    policy = results.get(issued.subject.partition(":")[2]) if issued else None
    if issued is None or passed is None or policy is None:
        return None
    proposed_at: datetime | None
    confirmed = by_kind.get(EvidenceKind.CONFIRMED)
    accepted = by_kind.get(EvidenceKind.VNEID_ACCEPTED)
    waits = timedelta(hours=2 + 30 * rng.random())
    if confirmed is not None:
        proposed_at = max(issued.occurred_at, confirmed.occurred_at - waits)
        state = ConfirmationState.ACCEPTED if accepted else ConfirmationState.CONFIRMED
    else:
        wanted = issued.occurred_at + waits if rng.random() < 0.6 else None
        proposed_at = wanted if wanted and wanted <= until else None
        state = ConfirmationState.PROPOSED if proposed_at else ConfirmationState.ELIGIBLE
    return PastResult(
        person_id=issued.person_id,
        full_name=full_name,
        home_unit_id=home_unit_id,
        attempt_id=passed.id,  # as the assessment room does it
        code_number=rng.randrange(CODES),
        result=AssessedResult(**{**vars(policy), "score_ratio": passed.details["score_ratio"]}),
        issued_at=issued.occurred_at,
        state=state,
        proposed_by=officers[0] if proposed_at else None,
        proposed_at=proposed_at,
        decided_by=officers[1] if confirmed else None,
        decided_at=confirmed.occurred_at if confirmed else None,
        sent_at=_between(confirmed.occurred_at, accepted.occurred_at) if confirmed and accepted else None,
        accepted_at=accepted.occurred_at if accepted else None,
        reference=f"MAU-{rng.randrange(10**8):08d}" if accepted else "",
        evidence_ids=tuple(entry.id for entry in (issued, confirmed, accepted) if entry),
    )


def _between(first: datetime, last: datetime) -> datetime:
    return first + (last - first) / 2
