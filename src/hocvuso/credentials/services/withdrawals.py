"""What VNeID has accepted and was revoked here is told through the same hand-over: a batch of its own, once."""

from __future__ import annotations

from datetime import datetime

from hocvuso.credentials.choices import BatchState, DeliveryState, RowOutcome
from hocvuso.credentials.keys import current_key
from hocvuso.credentials.models import Confirmation, HandoverBatch, HandoverRow
from hocvuso.credentials.services.shared import audit, configured_delivery
from hocvuso.kernel.clock import local_date
from hocvuso.kernel.ids import new_id
from hocvuso.people.public import Person


def withdraw_from_vneid(confirmation: Confirmation, actor: Person, at: datetime) -> HandoverBatch | None:
    """Put a withdrawal on its way, due now; none when VNeID never accepted it, or it is on its way already.

    Two people confirmed and sent; taking back needs no third: the revoking was checked by the caller.
    """
    rows = HandoverRow.objects.filter(person_id=confirmation.person_id, confirmation_id=confirmation.id)
    accepted = rows.filter(outcome=RowOutcome.ACCEPTED, batch__withdraws=False).select_related("batch").first()
    if accepted is None or rows.filter(batch__withdraws=True).exists():
        return None
    delivery = configured_delivery()
    batch = HandoverBatch.objects.create(
        unit_id=accepted.batch.unit_id,
        state=BatchState.RELEASED,
        withdraws=True,
        people=1,
        prepared_by=actor.pk,
        prepared_at=at,
        released_at=at,
        key_name=current_key(local_date(at)).name,
        delivery=delivery,
        next_try_at=at if delivery == DeliveryState.WAITING else None,
    )
    HandoverRow.objects.create(
        person_id=confirmation.person_id, id=new_id(), batch=batch, confirmation_id=confirmation.id
    )
    audit("handover.withdrawal", "handover_batch", batch.id, actor, at, unit_id=batch.unit_id, new={"people": 1})
    return batch
