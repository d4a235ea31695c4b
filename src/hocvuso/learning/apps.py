from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "hocvuso.learning"
    label = "learning"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hocvuso.learning.class_queries import exported
        from hocvuso.learning.classes import forget_person
        from hocvuso.people.public import on_erase, on_export

        on_erase(forget_person)
        on_export("learning", exported)
