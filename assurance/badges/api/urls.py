from django.urls import path
from rest_framework.routers import SimpleRouter

from assurance.badges.api import views

router = SimpleRouter(use_regex_path=True)
router.register("badges", views.BadgeViews, basename="badge")
urlpatterns = [*router.urls, path("verify/<str:code>/", views.Verify.as_view(), name="verify")]
