from django.apps import AppConfig


class CurriculumConfig(AppConfig):
    name = "hocvuso.curriculum"
    label = "curriculum"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Views register the previews, checking what a text must pass, receivers answer Wagtail's signals.
        from hocvuso.curriculum import checking, receivers, views  # noqa: F401
