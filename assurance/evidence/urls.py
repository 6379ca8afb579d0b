from django.urls import path

from assurance.evidence import views

app_name = "evidence"
urlpatterns = [
    path(".well-known/wuyou-log/key", views.key, name="key"),
    path(".well-known/wuyou-log/checkpoint", views.checkpoint, name="checkpoint"),
    path(".well-known/wuyou-log/checkpoint/<int:size>", views.checkpoint, name="checkpoint-of-size"),
    path("log/", views.log, name="log"),
    path("log/check/", views.check, name="check"),
    path("log/check/wuyou-log-check.html", views.check_alone, name="check-alone"),
    path("evidence/products/<int:pk>/", views.of_product, name="of-product"),
    path("evidence/products/<int:pk>/bundle.json", views.bundle_of_product, name="bundle-of-product"),
]
