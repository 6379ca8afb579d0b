"""Django's view of this floor."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from assurance import boot  # noqa: F401  registers its checks
from assurance.events import registry
from assurance.evidence import checks  # noqa: F401  registers itself


class AssuranceConfig(AppConfig):
    name = "assurance"
    verbose_name = _("Assurance")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        registry.load(self.name)
