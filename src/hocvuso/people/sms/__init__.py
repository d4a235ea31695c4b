"""Sending text messages: one interface, a demo outbox, and any provider with an HTTPS endpoint."""

from __future__ import annotations

from hocvuso.people.sms.gateway import Gateway, GatewayFailed, HttpsGateway, Outbox, gateway, send_text

__all__ = ["Gateway", "GatewayFailed", "HttpsGateway", "Outbox", "gateway", "send_text"]
