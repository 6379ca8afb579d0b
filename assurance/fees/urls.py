from django.urls import path

from assurance.fees import views

app_name = "fees"
urlpatterns = [
    path("", views.statement_list, name="list"),
    path("statements/<int:pk>/", views.statement, name="statement"),
    path("statements/<int:pk>/csv/", views.as_csv, name="csv"),
    path("statements/<int:pk>/bundle/", views.as_bundle, name="bundle"),
    path("statements/<int:pk>/finalise/", views.finalise, name="finalise"),
    path("preview/", views.preview, name="preview"),
    path("lines/<int:pk>/", views.line, name="line"),
    path("lines/<int:pk>/dispute/", views.dispute_line, name="dispute-line"),
    path("disputes/", views.dispute_list, name="disputes"),
    path("disputes/<int:pk>/", views.dispute, name="dispute"),
    path("disputes/<int:pk>/decide/", views.decide, name="decide"),
    path("unrated/", views.unrated, name="unrated"),
    path("cards/", views.cards, name="cards"),
    path("run/", views.start_run, name="start-run"),
    path("close/", views.close_month, name="close-month"),
    path("simulator/", views.simulator, name="simulator"),
]
