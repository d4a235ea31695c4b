"""Previews turned round: models know that they can be shown, views say how (they register here when the room starts)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# Name of the model: function of request and the thing being written.
previews: dict[str, Callable[[Any, Any], Any]] = {}


class ShownByViews:
    """Mixin: the preview of this model is drawn by the function that views registered under the model's name."""

    def serve_preview(self, request: Any, mode_name: str) -> Any:
        return previews[type(self).__name__](request, self)
