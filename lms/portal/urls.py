from django.urls import path

from .views import desk, exports, frame, learner, log, mydata, trend, units, way, work

app_name = "portal"
urlpatterns = [
    path("", learner.front, name="front"),
    path("learn/record/", learner.record, name="record"),
    path("learn/record/data/", mydata.my_data, name="my_data"),
    path("learn/record/data.json", mydata.my_data_json, name="my_data_json"),
    path("learn/record/data.pdf", mydata.my_data_paper, name="my_data_paper"),
    path("desk/", desk.desk, name="desk"),
    path("desk/people/", desk.people, name="people"),
    path("desk/units/", units.units, name="units"),
    path("desk/units.<str:format_>", units.units_file, name="units_export"),
    path("desk/way/", way.way, name="way"),
    path("desk/way/remind/", way.remind, name="remind"),
    path("desk/way/codes/", way.ask_for_codes, name="ask_for_codes"),
    path("desk/way/enrol/", way.enrol, name="enrol"),
    path("desk/trend/", trend.trend, name="trend"),
    path("desk/figures.<str:format_>", exports.figures, name="export"),
    path("desk/people.<str:format_>", exports.people, name="people_export"),
    path("desk/log/", log.log, name="log"),
    path("desk/failed/", work.work, name="work"),
    path("desk/failed/<int:pk>/", work.try_again, name="try_again"),
    path("preferences/", frame.preferences, name="preferences"),
    path("privacy/", frame.privacy, name="privacy"),
    path("gallery/", frame.gallery, name="gallery"),
]
