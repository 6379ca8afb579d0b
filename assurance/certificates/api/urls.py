from rest_framework.routers import SimpleRouter

from assurance.certificates.api import views

router = SimpleRouter(use_regex_path=True)
router.register("certificates", views.CertificateViews, basename="certificate")
router.register("certificate-conflicts", views.ConflictViews, basename="certificate-conflict")
urlpatterns = router.urls
