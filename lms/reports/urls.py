from django.urls import path

from .views import periods, publishing, reports

app_name = "reports"
urlpatterns = [
    path("desk/reports/", periods.home, name="home"),
    path("desk/reports/open/", periods.open_period, name="open_period"),
    path("desk/reports/period/<uuid:public_id>/", periods.period, name="period"),
    path("desk/reports/period/<uuid:public_id>/remind/", periods.remind_all, name="remind_all"),
    path("desk/reports/letterhead/<str:code>/", reports.letterhead, name="letterhead"),
    path("desk/reports/<uuid:public_id>/", reports.report, name="report"),
    path("desk/reports/<uuid:public_id>/step/", reports.step, name="step"),
    path("desk/reports/<uuid:public_id>/return/", reports.give_back, name="give_back"),
    path("desk/reports/<uuid:public_id>/restate/", reports.restate, name="restate"),
    path("desk/reports/<uuid:public_id>/part/<str:key>/", reports.section, name="section"),
    path("desk/reports/<uuid:public_id>/public/", publishing.public, name="public"),
    path("desk/reports/<uuid:public_id>/public/file.xlsx", publishing.public_file, name="public_file"),
    path("desk/reports/<uuid:public_id>/file/<str:format_>/", reports.file, name="file"),
]
