from django.urls import path

from warehouse.orders.views import desk, floor, packing, swap

app_name = "orders"
urlpatterns = [
    path("orders/", desk.order_list, name="list"),
    path("orders/<int:pk>/", desk.show, name="show"),
    path("orders/<int:pk>/cancel/", desk.cancel, name="cancel"),
    path("orders/<int:pk>/recipient/", desk.reveal, name="reveal"),
    path("parcels/", desk.parcel_list, name="parcels"),
    path("parcels/of-lot/<int:pk>/", desk.of_lot, name="of-lot"),
    path("parcels/to-pick/", floor.pick_list, name="pick-list"),
    path("parcels/waves/<int:pk>/", floor.wave, name="wave"),
    path("parcels/to-pack/", packing.station, name="station"),
    path("parcels/<int:pk>/", desk.parcel, name="parcel"),
    path("parcels/<int:pk>/pack/", packing.pack, name="pack"),
    path("parcels/<int:pk>/seal/", packing.seal, name="seal"),
    path("parcels/<int:pk>/record/", packing.record, name="record"),
    path("parcels/<int:pk>/accept-weight/", packing.accept_weight, name="accept-weight"),
    path("parcels/<int:pk>/unpack/", floor.unpack, name="unpack"),
    path("parcels/<int:pk>/other-lot/<int:allocation>/", swap.other_lot, name="other-lot"),
    path("parcels/<int:pk>/give-up/", floor.give_up, name="give-up"),
]
