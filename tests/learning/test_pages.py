"""The page of the outbox and the line on every learner's page."""

from __future__ import annotations

import pytest
from django.test import Client

from hocvuso.web.offline import shell_addresses

pytestmark = pytest.mark.django_db


@pytest.mark.clause("R-20")
def test_the_page_is_the_same_for_everybody_and_kept_on_the_phone(client: Client):
    page = client.get("/viec-cho-gui/")
    assert page.status_code == 200
    assert "public" in page["Cache-Control"] and not page.cookies
    kept = shell_addresses()
    assert "/viec-cho-gui/" in kept
    assert all(
        any(address.endswith(name) or name[:-3] in address for address in kept)
        for name in ["learning/device.js", "learning/outbox.js", "learning/store.js"]
    )


def test_every_page_of_learners_says_what_waits_and_no_page_of_the_desk_does(client: Client):
    for address in ["/", "/tro-giup/", "/en/"]:
        assert "<hvs-outbox data-page=" in client.get(address).content.decode()
    assert "<hvs-outbox" not in client.get("/thanh-phan/dieu-hanh/").content.decode()
