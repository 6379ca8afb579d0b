from rest_framework.routers import SimpleRouter

from assurance.claims.api import views

router = SimpleRouter(use_regex_path=True)
router.register("claims", views.ClaimViews, basename="claim")
urlpatterns = router.urls
