"""Answers to lower rooms."""

from __future__ import annotations

from typing import Any

from hocvuso.assessment.public import Policy, attempts_in_doubt
from hocvuso.assessment.signals import AttemptGraded
from hocvuso.credentials.services import AssessedResult, follow_authority, issue_certificate
from hocvuso.credentials.services.shared import audit
from hocvuso.curriculum.public import skill_titles
from hocvuso.people.signals import HomeChanged


def issue_when_passed(event: AttemptGraded) -> None:
    """Somebody passed an assessment: they get their certificate, in the transaction that grades (assessment.on_graded).

    A result in doubt waits, and comes here again when the doubt ends (assessment.on_cleared). Runs twice without harm: one
    certificate an attempt.
    """
    if not event.passed:
        return
    if attempts_in_doubt([(event.person_id, event.attempt_id)]):
        audit("certificate.held", "attempt", event.attempt_id, None, event.at)
        return
    policy = Policy.objects.get(code=event.policy_code, version=event.policy_version)
    codes = dict.fromkeys(code for part in policy.blueprint for code in part.get("skills", []))
    titles = skill_titles() if codes else {}
    result = AssessedResult(
        policy_code=policy.code,
        policy_title=policy.title,
        policy_version=str(policy.version),
        passed=True,
        score_ratio=event.score_ratio,
        pass_ratio=policy.pass_ratio,
        skills=tuple((code, titles.get(code, code)) for code in codes),
        provisional=policy.provisional,
        signatory=policy.signatory,
    )
    issue_certificate(person_id=event.person_id, attempt_id=event.attempt_id, result=result, at=event.at)


def follow_home(sender: Any, event: HomeChanged, **_: Any) -> None:
    """Somebody lives elsewhere now: what waits for confirmation goes to the lists of the unit that answers for them now."""
    follow_authority(event.person_id, event.at)
