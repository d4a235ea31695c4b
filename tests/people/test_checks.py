"""A system for real people says when its codes go nowhere."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from hocvuso.people.checks import READY


def told() -> list[str]:
    return [str(message.id) for message in run_checks(tags=[READY], include_deployment_checks=True)]


def test_outside_a_demo_codes_that_stay_on_this_machine_are_warned_about(settings):
    settings.DEMO, settings.SMS_URL = False, ""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert told() == ["people.W001", "people.W002"]
    assert not run_checks(tags=[READY])  # ordinary commands stay quiet


@pytest.mark.parametrize(
    "values",
    [
        {"DEMO": True, "SMS_URL": "", "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend"},
        {
            "DEMO": False,
            "SMS_URL": "https://sms.example.vn/",
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        },
    ],
    ids=["a demo", "a system that sends"],
)
def test_a_demo_and_a_system_that_sends_have_nothing_to_hear(settings, values):
    for name, value in values.items():
        setattr(settings, name, value)
    assert told() == []
