from django.urls import path

from assurance.badges import views

app_name = "badges"
urlpatterns = [
    path("verify/", views.ask, name="ask"),
    path("verify/keys/", views.keys, name="keys"),
    path("verify/oembed/", views.oembed, name="oembed"),
    path("verify/status/<str:purpose>/<int:number>/", views.status_list, name="status-list"),
    path("01/<str:gtin>", views.digital_link, name="of-product"),
    path("01/<str:gtin>/21/<str:code>", views.digital_link, name="of-product-code"),
    path("01/<str:gtin>/10/<path:lot>/21/<str:code>", views.digital_link, name="of-lot-code"),
    path("01/<str:gtin>/10/<path:lot>", views.digital_link, name="of-lot"),
    path("verify/<str:code>/", views.verify, name="verify"),
    path("verify/<str:code>/code.svg", views.square_code, name="square-code"),
    path("verify/<str:code>/embed.svg", views.embed, name="embed"),
    path("verify/<str:code>/credential/", views.credential, name="credential"),
    path("verify/<str:code>/bundle.json", views.bundle, name="bundle"),
    path("verify/<str:code>/picture/", views.picture, name="picture"),
    path("badges/", views.badge_list, name="list"),
    path("badges/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("badges/<int:pk>/reissue/", views.reissue, name="reissue"),
    path("badges/<int:pk>/embed/", views.snippet, name="snippet"),
]
