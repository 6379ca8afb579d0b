from django.urls import path

from logistics.dispatch import views

app_name = "dispatch"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("book/", views.book, name="book"),
    path("hand-over/", views.hand_over, name="hand-over"),
    path("print/<int:pk>/", views.print_now, name="print"),
    path("<int:pk>/label/", views.label, name="label"),
    path("<int:pk>/cancel/", views.cancel, name="cancel"),
]
