from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "hocvuso.indicators"
    label = "indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from hocvuso.evidence.public import register_projection
        from hocvuso.indicators import receivers  # noqa: F401
        from hocvuso.indicators.tallies import TallyProjection, move_merged
        from hocvuso.units.public import on_merge

        register_projection(TallyProjection())
        on_merge(move_merged)
