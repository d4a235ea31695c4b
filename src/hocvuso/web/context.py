"""What every page knows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    phone = settings.HELP_PHONE
    return {
        "DEMO": settings.DEMO,
        "PUBLIC_URL": settings.PUBLIC_URL,
        "ISSUER_NAME": settings.ISSUER_NAME,
        "HELP_PHONE": phone,
        "HELP_PHONE_DIGITS": "".join(sign for sign in phone if sign.isdigit() or sign == "+"),
    }
