"""Settings of the test-suite: the real ones, with cheap hashing and a temporary place for files."""

import os
import tempfile

os.environ.setdefault("SECRET_KEY", "tests only")
os.environ.setdefault("SINGLE_SIGN_ON", "docs/sign-on.example.toml")
os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="vung-tests-"))

from lms.config.settings import *  # noqa: F403
from lms.config.settings import CACHES, DATABASES, REDIS_URL

DEBUG = False
SOCIALACCOUNT_PROVIDERS = {}  # a test of single sign-on names its own
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
CELERY_TASK_ALWAYS_EAGER = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: the browser's requests and the test write at once, each on a connection of its own.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["VAR_DIR"], "test.sqlite3")}  # noqa: PTH118
if REDIS_URL:
    # A database of its own for each process of the suite, so that clearing one cache clears no other's.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    CACHES["default"]["LOCATION"] = f"{REDIS_URL.rsplit('/', 1)[0]}/{8 + worker % 8}"
# The same count of queries with Redis and without: a page may not grow where the cache hides it.
SESSION_ENGINE = "lms.accounts.sessionstores.db"
# As in the demonstration; tests of the demand itself set it to `required`.
SECOND_FACTOR = "offered"
