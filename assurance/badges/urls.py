from django.urls import path

from assurance.badges import views

app_name = "badges"
urlpatterns = [
    path("verify/", views.ask, name="ask"),
    path("verify/keys/", views.keys, name="keys"),
    path("verify/<str:code>/", views.verify, name="verify"),
    path("verify/<str:code>/code.svg", views.square_code, name="square-code"),
    path("verify/<str:code>/credential/", views.credential, name="credential"),
    path("verify/<str:code>/picture/", views.picture, name="picture"),
    path("badges/", views.badge_list, name="list"),
    path("badges/<int:pk>/revoke/", views.revoke, name="revoke"),
]
