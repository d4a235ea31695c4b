from django.apps import AppConfig


class ProgrammeConfig(AppConfig):
    name = "hocvuso.programme"
    label = "programme"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hocvuso.indicators.public import on_waiting
        from hocvuso.programme.waiting import reports_waiting

        on_waiting(reports_waiting)
