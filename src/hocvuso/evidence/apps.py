from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "hocvuso.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hocvuso.evidence.receivers import keep_the_count
        from hocvuso.people.public import on_erase

        on_erase(keep_the_count)
