from django.urls import path

from .views import contests, evidence

app_name = "coverage"
urlpatterns = [
    path("learn/record/contest/", contests.contest, name="contest"),
    path("learn/record/contest/<uuid:chain>/take-back/", contests.take_back, name="take_back_contest"),
    path("desk/evidence/", evidence.evidence, name="evidence"),
    path("desk/contests/", contests.listing, name="contests"),
    path("desk/contests/<uuid:chain>/", contests.answer, name="answer_contest"),
]
