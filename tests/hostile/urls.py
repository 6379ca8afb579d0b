"""The platform's addresses and the sample beside them."""

from django.urls import include, path
from rest_framework.routers import SimpleRouter

from assurance.urls import handler400, handler403, handler404, handler500
from assurance.urls import urlpatterns as platform
from tests.hostile.sample import SampleDoor

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

router = SimpleRouter()
router.register("samples", SampleDoor, basename="specimen")

urlpatterns = [path("api/v1/sample/", include((router.urls, "sample"))), *platform]
