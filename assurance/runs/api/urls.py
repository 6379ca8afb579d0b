from rest_framework.routers import SimpleRouter

from assurance.runs.api import views

router = SimpleRouter(use_regex_path=True)
router.register("runs", views.RunViews, basename="run")
urlpatterns = router.urls
