from django.urls import path

from assurance.certificates.views import merchant, platform

app_name = "certificates"
urlpatterns = [
    path("", merchant.certificate_list, name="list"),
    path("new/", merchant.create, name="create"),
    path("queue/", platform.queue, name="queue"),
    path("conflicts/", platform.conflict_list, name="conflicts"),
    path("conflicts/<int:pk>/", platform.conflict, name="conflict"),
    path("product/<int:pk>/", merchant.of_product, name="of-product"),
    path("<int:pk>/", merchant.show, name="show"),
    path("<int:pk>/attach/", merchant.attach, name="attach"),
    path("<int:pk>/detach/<int:product>/", merchant.detach, name="detach"),
    path("<int:pk>/decide/", platform.decide, name="decide"),
]
