"""Batches travel by themselves: the table is the queue, so that nothing is lost when either side dies in between.

A batch is claimed for a few minutes, carried outside any transaction, and settled in another. Whoever dies in between leaves a
batch whose claim runs out: it is carried again, and the other side knows it by its id.
"""

from __future__ import annotations

import logging
import random
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from hocvuso.credentials.choices import BatchState, DeliveryState, RowOutcome
from hocvuso.credentials.errors import BatchNotReady
from hocvuso.credentials.handover.answers import take_answers
from hocvuso.credentials.handover.batches import audit_batch, locked_batch
from hocvuso.credentials.handover.channels import Channel, Lost, Never, NotNow, channel
from hocvuso.credentials.models import HandoverBatch
from hocvuso.credentials.rules import MOST_TRIES, wait_before
from hocvuso.kernel.clock import local_date
from hocvuso.people.public import Capability, Person, check_may

log = logging.getLogger(__name__)
CLAIM = timedelta(minutes=5)  # longer than any call may take
ASK_AGAIN = timedelta(minutes=5)  # between two questions for an answer
ON_THE_WAY = (DeliveryState.WAITING, DeliveryState.DELIVERED)
_dice = random.SystemRandom()


def deliver_due(*, at: datetime, limit: int = 20, by: Channel | None = None) -> int:
    """Carry what is due and ask for answers; answers how many batches were looked at. Safe to run in several processes."""
    carrier = by or channel()
    if carrier is None:
        return 0
    due = HandoverBatch.objects.filter(next_try_at__lte=at, delivery__in=ON_THE_WAY).order_by("next_try_at")
    looked_at = 0
    for batch_id in list(due.values_list("pk", flat=True)[:limit]):
        batch = _claim(batch_id, at)
        if batch is not None:
            _carry(batch, carrier, at)
            looked_at += 1
    return looked_at


@transaction.atomic
def retry_delivery(*, actor: Person, batch: HandoverBatch, at: datetime) -> HandoverBatch:
    """Send a batch that was given up, or whose rows could not be taken, once more. Nothing is doubled: it keeps its ids.

    actor: an officer who confirms over the unit. Raises NotAllowed, OutOfReach, BatchNotReady.
    """
    locked = locked_batch(batch)
    check_may(actor, Capability.CONFIRM, locked.unit, local_date(at))
    failed = locked.rows.filter(outcome=RowOutcome.FAILED)
    if locked.state != BatchState.RELEASED:
        raise BatchNotReady
    if locked.delivery != DeliveryState.DEAD and not failed.exists():
        raise BatchNotReady
    again = failed.update(outcome=RowOutcome.WAITING, reason="")
    locked.tries, locked.last_error = 0, ""
    if locked.delivery != DeliveryState.BY_HAND:
        locked.delivery, locked.next_try_at = DeliveryState.WAITING, at
    locked.save(update_fields=["delivery", "tries", "next_try_at", "last_error"])
    audit_batch("retried", locked, actor, at, rows=again)
    return locked


def _claim(batch_id: UUID, at: datetime) -> HandoverBatch | None:
    """Take a due batch for this process, so that no other carries it at the same moment."""
    with transaction.atomic():
        batch = (
            HandoverBatch.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(pk=batch_id, next_try_at__lte=at, delivery__in=ON_THE_WAY)
            .first()
        )
        if batch is None:
            return None
        batch.tries += 1
        batch.next_try_at = at + CLAIM
        batch.save(update_fields=["tries", "next_try_at"])
        return batch


def _carry(batch: HandoverBatch, carrier: Channel, at: datetime) -> None:
    try:
        if batch.delivery == DeliveryState.WAITING:
            carrier.deliver(batch)
            _settle(batch, at, delivery=DeliveryState.DELIVERED, delivered_at=at, tries=0, last_error="", due=ASK_AGAIN)
        else:
            _ask(batch, carrier, at)
    except Lost:
        words = _("VNeID does not know this batch; it is sent again")
        _settle(
            batch, at, delivery=DeliveryState.WAITING, last_error=words, due=wait_before(batch.tries, _dice.random())
        )
    except Never as failure:
        _give_up(batch, at, str(failure))
    except NotNow as failure:
        _try_later(batch, at, str(failure))
    except Exception as failure:  # a fault of ours: the others go on, and an officer sees it in the end
        log.exception("hand-over %s failed", batch.pk)
        _try_later(batch, at, type(failure).__name__)


def _ask(batch: HandoverBatch, carrier: Channel, at: datetime) -> None:
    """Take what came back. Stored first, put away after: dying in between only brings the same rows again."""
    words = ""
    answers = carrier.answers(batch)
    if answers:
        result = take_answers(actor=None, batch=batch, answers=answers, at=at)
        words = "; ".join(_("line %(line)d: %(why)s") % {"line": line, "why": why} for line, why in result.problems[:5])
        carrier.settled(batch.pk)
    HandoverBatch.objects.filter(pk=batch.pk).update(last_error=words[:300])
    _settle(batch, at, tries=0, due=ASK_AGAIN)


def _try_later(batch: HandoverBatch, at: datetime, words: str) -> None:
    if batch.tries >= MOST_TRIES:
        _give_up(batch, at, words)
    else:
        _settle(batch, at, last_error=words, due=wait_before(batch.tries, _dice.random()))


def _settle(batch: HandoverBatch, at: datetime, *, due: timedelta = timedelta(), **values: object) -> None:
    """Write what came of a claim, unless the batch was answered in full meanwhile."""
    HandoverBatch.objects.filter(Q(pk=batch.pk), delivery__in=ON_THE_WAY).update(
        next_try_at=at + due, **{name: _short(value) for name, value in values.items()}
    )


def _short(value: object) -> object:
    return value[:300] if isinstance(value, str) else value


def _give_up(batch: HandoverBatch, at: datetime, words: str) -> None:
    """Nobody tries any more until an officer says so: the batch stands on their page with the reason."""
    with transaction.atomic():
        changed = HandoverBatch.objects.filter(pk=batch.pk, delivery__in=ON_THE_WAY).update(
            delivery=DeliveryState.DEAD, next_try_at=None, last_error=words[:300]
        )
        if changed:
            audit_batch("given_up", batch, None, at, tries=batch.tries)
    log.error("hand-over %s given up after %d tries: %s", batch.pk, batch.tries, words)
