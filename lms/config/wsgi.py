"""The application that granian serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.config.settings")
application = get_wsgi_application()
# What is loaded by now stays as long as the process; to look through it for garbage cost a tenth of the time.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
