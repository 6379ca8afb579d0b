from django.urls import path

from qc.quality import views

app_name = "quality"
urlpatterns = [
    path("", views.board, name="board"),
    path("figures/", views.figures, name="figures"),
    path("plans/<int:pk>/", views.plan, name="plan"),
    path("actions/<int:pk>/", views.show, name="show"),
    path("actions/<int:pk>/submit/", views.submit, name="submit"),
    path("actions/<int:pk>/decide/", views.decide, name="decide"),
]
