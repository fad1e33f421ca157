from django.urls import path

from .views import bank, hall, studio, uploads

app_name = "quizzes"
urlpatterns = [
    path("learn/quiz/<uuid:version_id>/", hall.quiz, name="quiz"),
    path("learn/attempt/<uuid:attempt_id>/<int:position>/", hall.question, name="question"),
    path("learn/attempt/<uuid:attempt_id>/", hall.overview, name="overview"),
    path("learn/attempt/<uuid:attempt_id>/submit/", hall.submit, name="submit"),
    path("learn/attempt/<uuid:attempt_id>/here/", hall.take_over, name="take_over"),
    path("learn/attempt/<uuid:attempt_id>/receipt/", hall.receipt, name="receipt"),
    path("learn/attempt/<uuid:attempt_id>/result/", hall.result, name="result"),
    path("learn/attempt/<uuid:attempt_id>/appeal/", hall.appeal, name="appeal"),
    path("studio/quizzes/", studio.home, name="studio"),
    path("studio/quizzes/<str:code>/", studio.analysis, name="analysis"),
    path("studio/quizzes/<str:code>/analysis.<str:form>", studio.export, name="analysis_export"),
    path("studio/quizzes/<str:code>/<str:question>/<int:number>/", studio.question, name="studio_question"),
    path("studio/quizzes/<str:code>/exceptions/", studio.exceptions, name="exceptions"),
    path("studio/more-time/<uuid:public_id>/", studio.more_time, name="more_time"),
    path("studio/corrections/<uuid:public_id>/", studio.correction, name="correction"),
    path("studio/appeals/", studio.appeals, name="appeals"),
    path("studio/appeals/<uuid:public_id>/", studio.answer, name="answer"),
    path("studio/attempts/<uuid:public_id>/", studio.attempt, name="attempt"),
    path("studio/changes/<uuid:public_id>/", studio.change, name="change"),
    path("learn/picture/<uuid:public_id>/", bank.image, name="image"),
    path("studio/questions/", bank.banks, name="banks"),
    path("studio/questions/<int:pk>/", bank.question, name="bank_question"),
    path("studio/questions/<int:pk>/edit/", bank.edit, name="bank_edit"),
    path("studio/questions/<int:pk>/retire/", bank.retire, name="bank_retire"),
    path("studio/questions/bank/<str:code>/", bank.bank, name="bank"),
    path("studio/questions/bank/<str:code>/new/<str:kind>/", bank.add, name="bank_add"),
    path("studio/questions/bank/<str:code>/export/", bank.export, name="bank_export"),
    path("studio/questions/bank/<str:code>/import/", uploads.send, name="bank_send"),
    path("studio/questions/bank/<str:code>/import/<uuid:public_id>/", uploads.report, name="bank_report"),
    path("studio/questions/bank/<str:code>/import/<uuid:public_id>/take/", uploads.take, name="bank_take"),
]
