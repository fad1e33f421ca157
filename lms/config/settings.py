"""Settings, read from the environment (docs/settings.md lists all of them)."""

import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from lms.config import signon

ROOT = Path(__file__).resolve().parent.parent.parent
env = Env()
env.read_env(str(ROOT / ".env"), recurse=False)

VAR = Path(env.str("VAR_DIR", str(ROOT / "var")))
"""Everything that this installation writes: database, media, keys."""

VAR.mkdir(parents=True, exist_ok=True)

VERSION: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
"""Named on everything that goes out of the house."""

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY must be set; only with DEBUG=1 may it be left out.")
    SECRET_KEY = "insecure: for development on one machine only"  # noqa: S105

BASE_URL = env.str("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [urlsplit(BASE_URL).hostname or "127.0.0.1"])
if DEBUG:
    ALLOWED_HOSTS += ["127.0.0.1", "localhost", "[::1]"]
HTTPS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CONTENT_BASE_URL = env.str("CONTENT_BASE_URL", "")

SINGLE_SIGN_ON = env.str("SINGLE_SIGN_ON", "")
"""A file that names the providers of single sign-on (docs/sign-on.example.toml)."""
SIGN_ON = signon.read(ROOT / SINGLE_SIGN_ON) if SINGLE_SIGN_ON else signon.SignOn()

INSTALLED_APPS = [
    "lms.portal",
    "lms.notices",
    "lms.reports",
    "certificates",
    "lms.coverage",
    "lms.learning",
    "content",
    "quizzes",
    "lms.roster",
    "lms.accounts",
    "lms.kernel",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "lms.accounts.usersessions.ListedAtSignIn",
    "allauth.socialaccount",
    *SIGN_ON.apps,
    "wagtail.contrib.settings",
    "wagtail.contrib.typed_table_block",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.users",
    "wagtail.sites",
    "wagtail.embeds",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.portal.middleware.CompressedPagesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lms.portal.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lms.portal.middleware.PrivatePagesMiddleware",
    "lms.portal.refusals.Refusals",
    "lms.accounts.middleware.AtTheDoor",
    "content.middleware.RolesAtTheDoor",
]

ROOT_URLCONF = "lms.config.urls"
WSGI_APPLICATION = "lms.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lms.portal.context.frame",
            ],
            "builtins": ["lms.portal.templatetags.components"],
        },
    }
]

# Database -------------------------------------------------------------------------------------

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR}/vung.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Deferred transactions failed "database is locked" in 67 % of contending writes; immediate ones in none.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728; "
        "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Compiling a statement cost 3 of the 5 seconds of a figure over a million people; sorts that do not fit
    # into memory cost as much again; and by the stock price of a page out of order, that of a spinning disk,
    # the covering indexes are never read in order of people.
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c lock_timeout=10s -c jit=off -c work_mem=64MB -c random_page_cost=1.1"
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", "")
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
SESSION_ENGINE = "lms.accounts.sessionstores.cached_db"
# A process of its own memory must not keep a session alive that another process has ended.
if not REDIS_URL:
    SESSION_ENGINE = "lms.accounts.sessionstores.db"

WAKE_WORKERS = "lms.config.celery.wake"
"""Called when work was committed and REDIS_URL is set."""
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "retry_on_timeout": False,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True

# Language and time ----------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = sorted(
    # The first that knows a word says it: the rooms before the libraries.
    (path for path in (ROOT / "locale").iterdir() if path.is_dir()),
    key=lambda path: (path.name in {"allauth", "django", "wagtail"}, path.name),
)
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["lms.config.formats"]

# Who signs in ---------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["lms.accounts.backends.OneAccountBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["lms.accounts.hashers.FrugalArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "lms.accounts.lengths.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "lms.accounts.passwords.NotAWordThatEverybodyTries"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
]
FIRST_CODE_HOURS = env.int("FIRST_CODE_HOURS", 72)
"""How long a printed or mailed one-time code opens an account."""
ACCOUNT_ADAPTER = "lms.accounts.adapter.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Vững: "
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody can register, so nobody is invited to
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "lms.accounts.forms.SignInForm",
    "reset_password": "lms.accounts.forms.ResetLetterForm",
    "reset_password_from_key": "lms.accounts.forms.ForgottenPasswordForm",
    "set_password": "lms.accounts.forms.NewPasswordForm",
    "change_password": "lms.accounts.forms.ChangePasswordForm",
    "reauthenticate": "lms.accounts.forms.PasswordAgainForm",
}
ACCOUNT_USERNAME_MIN_LENGTH = 2
ACCOUNT_LOGIN_TIMEOUT = 5 * 60  # between the password and the code of the second factor
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = {
    # Sign-ins are counted in the database (lms/accounts/limits.py); a whole province comes from one address.
    "login": None,
    "login_failed": "10/15m/key",
    "reset_password": "200/10m/ip,5/h/key",
    "reset_password_from_key": "200/10m/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", 0)
"""How many proxies of our own stand in front; what else X-Forwarded-For says is anybody's word."""
MFA_ADAPTER = "lms.accounts.adapter.SealingMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # sign-up is closed; an address comes from the register
MFA_TOTP_TOLERANCE = 1  # RFC 6238, 5.2: one step for clocks that differ and fingers that are slow
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow it for localhost alone
MFA_RATE_LIMITS = {"webauthn_login": "1000/m/ip"}  # nothing can be guessed; a province has one address
MFA_FORMS = {
    "authenticate": "lms.accounts.forms.SecondFactorForm",
    "reauthenticate": "lms.accounts.forms.SecondFactorAgainForm",
    "activate_totp": "lms.accounts.forms.ActivateAppForm",
    "add_webauthn": "lms.accounts.forms.AddSecurityKeyForm",
    "edit_webauthn": "lms.accounts.forms.EditSecurityKeyForm",
}
SOCIALACCOUNT_ADAPTER = "lms.accounts.signon.VouchedForAdapter"
SOCIALACCOUNT_PROVIDERS = SIGN_ON.providers
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
USERSESSIONS_TRACK_ACTIVITY = False

# Pages, files, CMS ----------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [ROOT / "lms" / "portal" / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR / "media"
FONT_DIR = ROOT / "certificates" / "fonts"
"""Fonts of what is printed."""
MEDIA_URL = "/media/"
KEY_DIR = Path(env.str("KEY_DIR", str(VAR / "keys")))
"""Signing keys, made on first run; outside the database, the repository and every backup."""
LEDGER_INLINE: bool | None = None
"""Number an entry in the transaction that writes it. None: on SQLite, where there is one writer anyway."""
LEDGER_ORIGIN = env.str("LEDGER_ORIGIN", "")
"""What the ledger is called in its checkpoints, from its first key on; by default host/ledger."""
LEDGER_CHECKPOINTS_TO: list[str] = env.list("LEDGER_CHECKPOINTS_TO", [])
"""Where signed checkpoints are sent: mail addresses, and folders that a repository or another disk holds."""

WAGTAIL_SITE_NAME = "Vững"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAIL_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILIMAGES_IMAGE_MODEL = "content.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "content.pictureform.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 25_000_000
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILDOCS_DOCUMENT_MODEL = "content.Handout"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "pptx", "csv", "txt", "zip"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", "console:")
vars().update({name: value for name, value in EMAIL_CONFIG.items() if name.isupper()})
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Vững <khong-tra-loi@localhost>")

GATEWAYS = {"zalo": env.str("ZALO_GATEWAY_URL", ""), "sms": env.str("SMS_GATEWAY_URL", "")}
"""Where an agency's gateways take messages by a signed webhook; the first that is set is used."""
GATEWAY_SECRET = env.str("GATEWAY_SECRET", "")
"""What signs these requests; shared with the gateways."""
GATEWAY_PRIVATE_HOSTS: list[str] = env.list("GATEWAY_PRIVATE_HOSTS", [])
"""Hosts of the agency's own network that may be asked; any other private address is refused."""

# What the browser is told -----------------------------------------------------------------------

SESSION_COOKIE_NAME = "__Host-vung" if HTTPS else "vung"
CSRF_COOKIE_NAME = "__Host-vung-csrf" if HTTPS else "vung-csrf"
LANGUAGE_COOKIE_NAME = "vung-language"
DEVICE_COOKIE_NAME = "__Host-vung-device" if HTTPS else "vung-device"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_SSL_REDIRECT = HTTPS and env.bool("SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
FORM_RENDERER = "lms.portal.forms.FormRenderer"
VIDEO_HOSTS: list[str] = env.list("VIDEO_HOSTS", ["www.youtube-nocookie.com", "player.vimeo.com"])
"""Hosts whose players a lesson may frame, once somebody opens them; empty: none."""
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/cms/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "frame-src": [f"https://{host}" for host in VIDEO_HOSTS] or [NONE],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF, *SIGN_ON.origins],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {name: {"level": "WARNING"} for name in ("wagtail", "django_tasks")},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO" if DEBUG else "WARNING")},
}

# The institution ------------------------------------------------------------------------------

MEDICAL_EMERGENCY_NUMBER = "115"
ABSENCE_REASONS = env.list("ABSENCE_REASONS", ["thai_san", "om_dai", "biet_phai", "di_hoc"])
"""Codes of absence that the register knows; the first four ship, an installation may add."""
ACTIVITY_KINDS = env.list(
    "ACTIVITY_KINDS", ["phong_ngua_truong_hoc", "phong_ngua_noi_lam_viec", "truyen_thong_cong_dong"]
)
"""Codes of what units hold and targets may count them by; the first three ship, an installation may add."""
DEMONSTRATION = env.bool("DEMONSTRATION", DEBUG)
"""Print the demonstration sign-ins on the sign-in page; never on a real installation."""
SECOND_FACTOR = env.str("SECOND_FACTOR", "offered" if DEMONSTRATION else "required")
"""`required`: who holds a role signs in with two factors; `offered`: they are only invited to."""
