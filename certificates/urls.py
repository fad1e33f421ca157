from django.urls import path

from .views import credentials, outside, public, register, setup, signing

app_name = "certificates"
urlpatterns = [
    path("verify/", public.check, name="check"),
    path(f"verify/offline/{public.PROGRAM}.py", public.offline_program, name="offline_program"),
    path(f"verify/offline/{public.PROGRAM}.html", public.offline_page, name="offline_page"),
    path("verify/<str:link>/", public.verify, name="verify"),
    path("verify/<str:link>/certificate.json", public.document, name="document"),
    path("verify/<str:link>/badge.json", credentials.badge, name="badge"),
    path("verify/<str:link>/offer.json", credentials.offer, name="offer"),
    path("issuers/<str:code>/did.json", credentials.did, name="did"),
    path("issuers/<str:code>/status/<int:page>.json", credentials.status_list, name="status_list"),
    path("wallet/token", credentials.token, name="wallet_token"),
    path("wallet/credential", credentials.wallet_credential, name="wallet_credential"),
    path(".well-known/openid-credential-issuer", credentials.issuer_metadata, name="wallet_issuer_metadata"),
    path(
        ".well-known/oauth-authorization-server",
        credentials.authorization_metadata,
        name="wallet_authorization_metadata",
    ),
    path("certificates/<uuid:public_id>.pdf", public.paper, name="paper"),
    path("desk/certificates/", register.register, name="register"),
    path("desk/certificates/register.xlsx", register.export, name="export"),
    path("desk/certificates/papers.zip", register.papers, name="papers"),
    path("desk/certificates/signing/", signing.signing, name="signing"),
    path("desk/certificates/signing/papers.zip", signing.batch, name="signing_batch"),
    path("desk/certificates/outside/", outside.outside, name="outside"),
    path("desk/certificates/issue/", register.issue, name="issue"),
    path("desk/certificates/requests/<uuid:public_id>/", register.decide, name="decide"),
    path("desk/certificates/issuers/", setup.issuers, name="issuers"),
    path("desk/certificates/issuers/<str:code>/", setup.issuer, name="issuer"),
    path("desk/certificates/issuers/<str:code>/rules/", setup.rule, name="rule"),
    path("desk/certificates/issuers/<str:code>/design/", setup.design, name="design"),
    path("desk/certificates/issuers/<str:code>/design.png", setup.design_picture, name="design_picture"),
    path("desk/certificates/<uuid:public_id>/", register.line, name="line"),
    path("desk/certificates/<uuid:public_id>.pdf", register.line_paper, name="line_paper"),
    path("desk/certificates/<uuid:public_id>/amend/", register.amend, name="amend"),
    path("desk/certificates/<uuid:public_id>/copies/", register.copy, name="copy"),
    path(
        "desk/certificates/<uuid:public_id>/copies/<int:number>.pdf", register.copy_paper, name="copy_paper"
    ),
]
