from django.urls import path

from .views import (
    activities,
    class_lists,
    contests,
    course_files,
    declaring,
    evidence,
    evidence_files,
    proofs,
    uploads,
)

app_name = "coverage"
urlpatterns = [
    path("learn/record/contest/", contests.contest, name="contest"),
    path("learn/record/contest/<uuid:chain>/take-back/", contests.take_back, name="take_back_contest"),
    path("learn/record/evidence/", declaring.mine, name="my_evidence"),
    path("learn/record/evidence/<uuid:chain>/proofs/", declaring.add_proofs, name="add_proofs"),
    path("proofs/<uuid:public_id>/", proofs.proof, name="proof"),
    path("desk/evidence/", evidence.evidence, name="evidence"),
    path("desk/evidence/list/<uuid:chain>/", class_lists.class_list, name="class_list"),
    path("desk/evidence/new/", declaring.declare_for, name="declare_for"),
    path("desk/evidence/upload/", evidence_files.upload, name="upload_evidence"),
    path("desk/evidence/upload/empty.xlsx", evidence_files.empty, name="empty_evidence"),
    path("desk/evidence/upload/<uuid:public_id>/", evidence_files.uploaded, name="uploaded_evidence"),
    path("desk/course-register/", course_files.upload, name="upload_courses"),
    path("desk/course-register/as-file.xlsx", course_files.register, name="course_register"),
    path("desk/course-register/<uuid:public_id>/", course_files.uploaded, name="uploaded_courses"),
    path("desk/activities/", activities.listing, name="activities"),
    path("desk/activities/new/", activities.record, name="record_activity"),
    path("desk/activities/upload/", uploads.upload, name="upload_activities"),
    path("desk/activities/upload/form.csv", uploads.form_to_fill_in, name="activities_form"),
    path("desk/activities/upload/<uuid:public_id>/", uploads.uploaded, name="uploaded_activities"),
    path("desk/activities/<uuid:chain>/", activities.activity, name="activity"),
    path("desk/contests/", contests.listing, name="contests"),
    path("desk/contests/<uuid:chain>/", contests.answer, name="answer_contest"),
]
