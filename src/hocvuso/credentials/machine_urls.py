"""Addresses for machines, the same in every language."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.credentials.views import machines, outside

urlpatterns: list[URLPattern] = [
    path("api/v1/ket-qua-ngoai", outside.api, name="outside-api"),
    path(".well-known/did.json", machines.did, name="credentials-did"),
    path("xac-minh/noi-cap.json", machines.issuer, name="credentials-issuer"),
    path("xac-minh/<str:code>.json", machines.credential, name="credentials-json"),
    path("xac-minh/trang-thai/<int:number>.bin", machines.status_bits, name="credentials-status-bits"),
    path("xac-minh/trang-thai/<int:number>.json", machines.status_list, name="credentials-status-list"),
    path(
        "xac-minh/trang-thai/tam-dung/<int:number>.json",
        machines.status_list,
        {"purpose": "suspension"},
        name="credentials-suspension-list",
    ),
]
