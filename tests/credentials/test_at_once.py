"""Two things at the same moment: what is decided once stays decided once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from hocvuso.credentials import services
from hocvuso.credentials.models import Certificate, Confirmation
from hocvuso.evidence.public import Evidence, revoke_evidence
from hocvuso.kernel.errors import HocVuSoError
from hocvuso.people.public import Role, grant_mandate
from tests.credentials.conftest import PASSED

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*works: Callable[[], object]) -> list[str]:
    """Run all in threads of their own, starting together; `done` or the code of the error of each."""
    gate, results = Barrier(len(works)), [""] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            gate.wait()
            work()
            results[place] = "done"
        except HocVuSoError as error:
            results[place] = error.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results)


def test_two_officers_confirming_at_once_count_once(ward) -> None:
    second = ward.person("Hà Văn Hai", unit=ward.other)
    grant_mandate(actor=None, person=second, unit=ward.unit, role=Role.CONFIRMER, at=ward.now)
    row = ward.confirmation(state="PROPOSED")
    results = at_once(
        *(
            lambda actor=actor: services.confirm(actor=actor, confirmation=row, at=ward.now)
            for actor in (ward.confirmer, second)
        )
    )
    assert results == ["credentials.move_not_possible", "done"]
    assert Evidence.objects.filter(kind="CONFIRMED").count() == 1
    assert Confirmation.objects.get(id=row.id).state == "CONFIRMED"


def test_one_attempt_announced_twice_at_once_brings_one_certificate(ward) -> None:
    attempt = uuid.uuid4()

    def issue() -> None:
        services.issue_certificate(person_id=ward.learner.pk, attempt_id=attempt, result=PASSED, at=ward.now)

    assert at_once(issue, issue) == ["done", "done"]
    assert Certificate.objects.count() == 1
    assert Evidence.objects.filter(kind="CERTIFICATE_ISSUED").count() == 1


def test_one_certificate_revoked_by_two_at_once_is_revoked_once(ward) -> None:
    evidence = ward.certificate().evidence_id

    def revoke() -> None:
        revoke_evidence(
            actor=None, person_id=ward.learner.pk, evidence_id=evidence, reason="IMPERSONATION", at=ward.now
        )

    assert at_once(revoke, revoke) == ["done", "evidence.already_revoked"]
    assert Evidence.objects.filter(kind="REVOCATION").count() == 1
