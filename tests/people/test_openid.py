"""Signing in with another house's account: a whole round against a small OpenID provider on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from hocvuso.people.models import Account, Person

PERSON = {
    "sub": "vneid-1",
    "name": "Nguyễn Thị Sáu",
    "personal_number": "079159001234",
    "email": "sau@khac.test",
    "phone_number": "+84908123412",
}


@pytest.fixture
def provider() -> Iterator[ThreadingHTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self, content: dict[str, object]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def do_GET(self) -> None:
            base = f"http://127.0.0.1:{server.server_port}"
            if self.path == "/.well-known/openid-configuration":
                self.answer(
                    {
                        "issuer": base,
                        "authorization_endpoint": f"{base}/authorize",
                        "token_endpoint": f"{base}/token",
                        "userinfo_endpoint": f"{base}/userinfo",
                        "jwks_uri": f"{base}/jwks",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    }
                )
            elif self.path == "/userinfo" and self.headers["Authorization"] == "Bearer good":
                self.answer(PERSON)
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            server.heard.append(body)
            self.answer({"access_token": "good" if body["code"] == ["yes"] else "bad", "token_type": "Bearer"})

        def log_message(self, *args: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.heard = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture
def vneid(provider, settings) -> ThreadingHTTPServer:
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "vneid",
                    "name": "VNeID",
                    "client_id": "hvs",
                    "secret": "s",
                    "settings": {"server_url": f"http://127.0.0.1:{provider.server_port}"},
                }
            ],
        }
    }
    return provider


def come_back(client: Client, code: str = "yes", **changes: str) -> object:
    """Go to the provider and return with its code."""
    leave = client.get("/tai-khoan/lien-ket/oidc/vneid/login/?next=/tai-khoan/")
    asked = parse_qs(urlsplit(leave.url).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = urlsplit(asked["redirect_uri"][0]).path
    return client.get(back, {"code": code, "state": asked["state"][0], **changes})


@pytest.mark.django_db
def test_the_way_is_shown_only_when_a_provider_is_configured(client, settings):
    assert "VNeID</a>" not in client.get("/tai-khoan/vao/").content.decode()


@pytest.mark.django_db
def test_a_first_visit_leads_to_the_first_steps_and_keeps_who_it_is_and_nothing_else(client, vneid):
    assert "/tai-khoan/lien-ket/oidc/vneid/login/" in client.get("/tai-khoan/vao/").content.decode()
    answer = come_back(client)
    assert answer.url.startswith("/tai-khoan/bat-dau/")
    assert vneid.heard[0]["code_verifier"]
    assert "Nguyễn Thị Sáu" in client.get(answer.url).content.decode()
    linked = SocialAccount.objects.get()
    assert (linked.uid, linked.extra_data) == ("vneid-1", {})
    account = Account.objects.get()
    assert (account.email, account.person, account.phone_digest) == ("", None, None)
    client.post("/tai-khoan/bat-dau/", {"full_name": "Nguyễn Thị Sáu"})
    client.post("/tai-khoan/bat-dau/dong-y/", {"agree": "on"})
    assert Person.objects.get().identity_keys.count() == 0


@pytest.mark.django_db
def test_a_second_visit_finds_the_same_account(vneid):
    first, second = Client(), Client()
    come_back(first)
    first.post("/tai-khoan/bat-dau/", {"full_name": "Sáu"})
    first.post("/tai-khoan/bat-dau/dong-y/", {"agree": "on"})
    assert come_back(second).url == "/tai-khoan/"
    assert Account.objects.count() == 1
    assert SocialAccount.objects.get().extra_data == {}


@pytest.mark.django_db
def test_a_forged_return_signs_nobody_in(vneid):
    client = Client()
    page = come_back(client, state="forged")
    assert page.status_code == 401 or "_auth_user_id" not in client.session
    come_back(client, code="no")
    assert "_auth_user_id" not in client.session
    assert Account.objects.count() == 0
