"""What a system for real people needs before they can sign in; told at the start and by `hocvuso check`."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

READY = "ready"  # for real people; the server runs this tag when it starts
NOWHERE = ("filebased", "console", "locmem", "dummy")


@register(READY, deploy=True)
def messages_arrive(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Whether sign-in codes leave this machine. A demo shows them on a page instead."""
    if settings.DEMO or settings.DEBUG:
        return []
    found: list[CheckMessage] = []
    if settings.EMAIL_BACKEND.split(".")[-2] in NOWHERE:
        found.append(
            Warning(
                f"Thư điện tử không được gửi đi mà nằm lại trên máy này (e-mail stays on this machine: {settings.EMAIL_BACKEND}).",
                hint="Set HOCVUSO_EMAIL_BACKEND=django.core.mail.backends.smtp.EmailBackend and HOCVUSO_EMAIL_HOST; "
                "nobody receives a sign-in code by e-mail until then.",
                id="people.W001",
            )
        )
    if not settings.SMS_URL:
        found.append(
            Warning(
                "Chưa có nơi gửi tin nhắn: không ai nhận được mã qua điện thoại (no provider of text messages).",
                hint="Set HOCVUSO_SMS_URL and HOCVUSO_SMS_TOKEN; docs/reference/settings.md.",
                id="people.W002",
            )
        )
    return found
