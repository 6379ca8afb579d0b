from rest_framework.routers import SimpleRouter

from assurance.fees.api import views

router = SimpleRouter(use_regex_path=True)
router.register("statements", views.StatementViews, basename="statement")
router.register("fee-lines", views.FeeLineViews, basename="fee-line")
router.register("disputes", views.DisputeViews, basename="dispute")
router.register("rate-cards", views.RateCardViews, basename="rate-card")
router.register("unrated-operations", views.UnratedViews, basename="unrated")
router.register("fee-runs", views.FeeRunViews, basename="fee-run")
router.register("simulations", views.SimulationViews, basename="simulation")
urlpatterns = router.urls
