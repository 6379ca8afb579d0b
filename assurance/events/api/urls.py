from rest_framework.routers import SimpleRouter

from assurance.events.api import views

router = SimpleRouter(use_regex_path=True)
router.register("jobs", views.JobViews, basename="job")
router.register("events", views.EventViews, basename="event")
urlpatterns = router.urls
