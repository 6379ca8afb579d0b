from django.urls import path

from warehouse.stock.views import ageing, bins, counts, lots

app_name = "stock"
urlpatterns = [
    path("", lots.lot_list, name="list"),
    path("<int:pk>/", lots.show, name="show"),
    path("<int:pk>/place/", lots.place, name="place"),
    path("<int:pk>/hold/", lots.hold, name="hold"),
    path("<int:pk>/recall/", lots.recall, name="recall"),
    path("<int:pk>/let-go/", lots.let_go, name="let-go"),
    path("bins/", bins.bin_list, name="bins"),
    path("counts/", counts.counts, name="counts"),
    path("counts/<int:pk>/", counts.count, name="count"),
    path("counts/<int:pk>/settle/", counts.settle_count, name="settle-count"),
    path("near-their-end/", ageing.ending, name="ending"),
    path("near-their-end/<int:pk>/look-after/", ageing.look_after, name="look-after"),
    path("near-their-end/<int:pk>/decide/", ageing.decide_ending, name="decide-ending"),
    path("remaining-life/", ageing.life_rules, name="life-rules"),
    path("reconciliation/", counts.reconciliation, name="reconciliation"),
]
