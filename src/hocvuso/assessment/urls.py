"""Pages of the room assessment."""

from __future__ import annotations

from django.urls import URLPattern, path

from hocvuso.assessment.integrity.devices import with_device
from hocvuso.assessment.integrity.urls import urlpatterns as integrity
from hocvuso.assessment.sittings.urls import urlpatterns as sittings
from hocvuso.assessment.views import change, learner, officers

app_name = "assessment"
urlpatterns: list[URLPattern] = [
    *integrity,
    *sittings,  # before the tests: a code of a test is any word
    path("kiem-tra/", learner.index, name="index"),
    path("dieu-hanh/bai-kiem-tra/", officers.policies, name="policies"),
    path("dieu-hanh/bai-kiem-tra/<slug:code>/", officers.policy, name="policy"),
    path("dieu-hanh/ngan-hang-cau-hoi/", officers.items, name="items"),
    path("dieu-hanh/ngan-hang-cau-hoi/<str:code>/", officers.item, name="item"),
    path("bat-dau-tu-dau/", change.start, name="start"),
    path("bat-dau-tu-dau/<int:position>/", change.start_question, name="start-question"),
    path("bat-dau-tu-dau/goi-y/", change.start_result, name="start-result"),
    path("con-dung-khong/", change.still, name="still"),
    path("kiem-tra/loi-nhac/", change.reminder, name="reminder"),
    path("kiem-tra/<slug:code>/", learner.introduction, name="introduction"),
    path("kiem-tra/bai/<uuid:attempt_id>/<int:position>/", with_device(learner.question), name="question"),
    path("kiem-tra/bai/<uuid:attempt_id>/xem-lai/", learner.review, name="review"),
    path("kiem-tra/bai/<uuid:attempt_id>/nop/", learner.hand_in, name="hand-in"),
    path("kiem-tra/bai/<uuid:attempt_id>/ket-qua/", learner.result, name="result"),
]
