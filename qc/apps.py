"""Django's view of this floor."""

from django.apps import AppConfig

from assurance.events import registry


class QcConfig(AppConfig):
    name = "qc"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        registry.load(self.name)
