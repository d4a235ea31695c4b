"""Root URLs: pages in Vietnamese without a prefix and in English under /en/, machines under /api/."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import JavaScriptCatalog
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns: list[URLPattern | URLResolver] = [
    # The studio's scripts, with the Vietnamese sentences that Wagtail lacks.
    path("soan/jsi18n/", JavaScriptCatalog.as_view(packages=["wagtail.admin", "hocvuso.curriculum"])),
    path("", include("hocvuso.people.machine_urls")),
    path("soan/", include(wagtailadmin_urls)),
    path("tai-lieu/", include(wagtaildocs_urls)),
    path("quan-tri/", admin.site.urls),
    path("", include("hocvuso.learning.machine_urls")),
    path("", include("hocvuso.web.machine_urls")),
    path("", include("hocvuso.curriculum.machine_urls")),
    # Outside the languages: the provider of identities knows one address to come back to.
    path("tai-khoan/lien-ket/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("", include("hocvuso.credentials.machine_urls")),
    path("", include("hocvuso.assessment.machine_urls")),
]

urlpatterns += i18n_patterns(
    path("tai-khoan/", include("hocvuso.people.account_urls")),
    path("", include("hocvuso.people.urls")),
    path("", include("hocvuso.units.urls")),
    path("", include("hocvuso.curriculum.urls")),
    path("", include("hocvuso.learning.urls")),
    path("", include("hocvuso.assessment.urls")),
    path("", include("hocvuso.credentials.urls")),
    path("", include("hocvuso.indicators.urls")),
    path("", include("hocvuso.evidence.urls")),
    path("", include("hocvuso.programme.urls")),
    path("", include("hocvuso.web.urls")),
    prefix_default_language=False,
)

handler400 = "hocvuso.web.problems.bad_request"
handler403 = "hocvuso.web.problems.not_allowed"
handler404 = "hocvuso.web.problems.not_found"
handler500 = "hocvuso.web.problems.server_error"
