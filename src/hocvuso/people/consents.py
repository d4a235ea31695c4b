"""The sentences people agree to. A changed sentence gets a new version; the old one stays here, so that a yes is provable."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hocvuso.people.choices import Purpose

# Controller, kinds of data, purpose and rights stand in each (Law 91/2025/QH15, domain.md §6.2). Wording: tạm, chờ văn bản.
VERSION = "2026-11"


@dataclass(frozen=True)
class ConsentText:
    """What stands beside one box."""

    purpose: Purpose
    question: str | Promise
    explanation: str | Promise
    version: str = VERSION


TEXTS: dict[str, ConsentText] = {
    Purpose.LEARNING: ConsentText(
        Purpose.LEARNING,
        _("I agree that my name, my lessons and my results are kept."),
        _(
            "Without this we may not keep anything about you, so there can be no account. "
            "You can take it back at any time; your data is then erased."
        ),
    ),
    Purpose.REPORTING: ConsentText(
        Purpose.REPORTING,
        _("Count my result in the figures of my ward."),
        _("The ward sees your name in its list. The public sees numbers only."),
    ),
    Purpose.VNEID: ConsentText(
        Purpose.VNEID,
        _("Send my confirmed result to VNeID."),
        _("Your name, personal number and result go to VNeID after your ward has confirmed it."),
    ),
    Purpose.CONTACT: ConsentText(
        Purpose.CONTACT,
        _("Remind me by message when a lesson or a class is waiting."),
        _("At most one message a week, never with a link to install anything."),
    ),
}
OPTIONAL = (Purpose.REPORTING, Purpose.VNEID, Purpose.CONTACT)
