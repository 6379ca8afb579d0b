from django.urls import path
from rest_framework.routers import SimpleRouter

from assurance.accounts.api import views

router = SimpleRouter(use_regex_path=True)
router.register("registrations", views.RegistrationViews, basename="registration")
router.register("invitations", views.InvitationViews, basename="invitation")
router.register("sessions", views.SessionViews, basename="session")
router.register("keys", views.KeyViews, basename="key")
router.register("members", views.MemberViews, basename="member")
router.register("organisations", views.OrganisationViews, basename="organisation")
urlpatterns = [path("me/", views.MeViews.as_view({"get": "look", "patch": "change"}), name="me"), *router.urls]
