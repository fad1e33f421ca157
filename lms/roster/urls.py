from django.urls import path

from .views import erasures, lists, mending, mergers, people, roles, sign_ins, uploads

app_name = "roster"
urlpatterns = [
    path("desk/roster/", lists.home, name="home"),
    path("desk/roster/unit/<str:code>/", lists.unit, name="unit"),
    path("desk/roster/unit/<str:code>/confirm/", lists.confirm, name="confirm"),
    path("desk/roster/person/<uuid:public_id>/", people.person, name="person"),
    path("desk/erasures/", erasures.home, name="erasures"),
    path("desk/erasures/<uuid:chain>/", erasures.decide, name="decide_erasure"),
    path("desk/roles/", roles.home, name="roles"),
    path("desk/roles/<uuid:chain>/", roles.decide, name="decide_role"),
    path("desk/accounts/", sign_ins.home, name="accounts"),
    path("desk/accounts/unit/<str:code>/sheet/", sign_ins.sheet, name="sheet"),
    path("desk/accounts/unit/<str:code>/letters/", sign_ins.letters, name="letters"),
    path("desk/accounts/<uuid:public_id>/", sign_ins.account, name="account"),
    path("desk/accounts/<uuid:public_id>/code/", sign_ins.code, name="account_code"),
    path("desk/roster/absences/", lists.absences, name="absences"),
    path("desk/roster/absences/<uuid:chain>/", lists.decide_absence, name="decide_absence"),
    path("desk/roster/upload/<uuid:public_id>/", uploads.uploaded, name="uploaded"),
    path("desk/roster/upload/<uuid:public_id>/apply/", uploads.apply, name="apply"),
    path("desk/roster/upload/<uuid:public_id>/mend/", mending.mend, name="mend"),
    path("desk/roster/upload/<uuid:public_id>/faulty.<str:form>", mending.faulty, name="faulty"),
    path("desk/roster/upload/<str:kind>/", uploads.upload, name="upload"),
    path("desk/roster/upload/<str:kind>/empty.xlsx", uploads.empty, name="empty"),
    path("desk/roster/merge-units/", mergers.merge_units, name="merge_units"),
    path("desk/roster/merge-people/", mergers.merge_people, name="merge_people"),
    path("desk/roster/merge-people/<uuid:chain>/", mergers.part_people, name="part_people"),
]
