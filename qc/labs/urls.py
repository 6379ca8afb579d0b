from django.urls import path

from qc.labs.views import laboratories, rounds, samples

app_name = "labs"
urlpatterns = [
    path("", samples.sample_list, name="list"),
    path("of-lot/<int:pk>/", samples.of_lot, name="of-lot"),
    path("rounds/", rounds.round_list, name="rounds"),
    path("rounds/open/", rounds.open_round, name="open-round"),
    path("rounds/<int:pk>/", rounds.show, name="round"),
    path("rounds/<int:pk>/draw/", rounds.draw, name="draw-round"),
    path("laboratories/", laboratories.scope_list, name="scopes"),
    path("laboratories/add/", laboratories.add_scope, name="add-scope"),
    path("laboratories/tie/", laboratories.declare_tie, name="declare-tie"),
    path("laboratories/<int:pk>/end/", laboratories.end_scope, name="end-scope"),
    path("<int:pk>/", samples.show, name="show"),
    path("<int:pk>/draw/", samples.draw, name="draw"),
    path("<int:pk>/seal/", samples.seal, name="seal"),
    path("<int:pk>/dispatch/", samples.dispatch, name="dispatch"),
    path("<int:pk>/void/", samples.void, name="void"),
    path("<int:pk>/receive/", samples.receive, name="receive"),
    path("<int:pk>/begin/", samples.begin, name="begin"),
    path("<int:pk>/enter/", samples.enter, name="enter"),
    path("<int:pk>/verify/", samples.verify, name="verify"),
    path("<int:pk>/publish/", samples.publish, name="publish"),
    path("<int:pk>/retest/", samples.retest, name="retest"),
]
