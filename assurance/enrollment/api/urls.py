from rest_framework.routers import SimpleRouter

from assurance.enrollment.api import views

router = SimpleRouter(use_regex_path=True)
router.register("agreements", views.AgreementViews, basename="agreement")
router.register("enrolments", views.EnrolmentViews, basename="enrolment")
urlpatterns = router.urls
