"""Celery only wakes workers: what is to be done stands in the kernel's job rows."""

import logging
import os

from celery import Celery
from kombu.exceptions import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.config.settings")
app = Celery("vung")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def wake() -> None:
    """Tell one worker that there is work. A broker that does not answer is no fault: the sweeper comes by."""
    try:
        app.send_task("kernel.work", retry=False)
    except OperationalError:
        logging.getLogger(__name__).warning("the broker does not answer; work waits for the sweeper")
