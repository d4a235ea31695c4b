"""What the answers say of the questions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe
from wagtail.admin.panels import HelpPanel

from hocvuso.curriculum.question_numbers import Numbers, numbers_of, numbers_page


@require_safe
def numbers(request: HttpRequest) -> HttpResponse:
    """Graded questions by code with difficulty, discrimination and exposure, as far as there are answers enough."""
    only = request.GET.get("ma", "").strip()[:80]
    rows, following = numbers_page(after=request.GET.get("sau", "")[:80], only=only)
    context = {
        "rows": rows,
        "only": only,
        "following": urlencode({"ma": only, "sau": following}) if following else "",
    }
    return render(request, "curriculum/studio_numbers.html", context)


class NumbersPanel(HelpPanel):
    """The numbers of a question above its form."""

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            question = self.instance
            context["graded"] = bool(question.pk and question.graded)
            context["numbers"] = (
                numbers_of([question.code]).get(question.code, Numbers()) if context["graded"] else Numbers()
            )
            return context
