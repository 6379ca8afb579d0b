from rest_framework.routers import SimpleRouter

from assurance.evidence.api import views

router = SimpleRouter(use_regex_path=True)
router.register("checkpoints", views.CheckpointViews, basename="checkpoint")
urlpatterns = router.urls
