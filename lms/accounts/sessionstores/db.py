"""Sessions in the database."""

from django.contrib.sessions.backends import db

from . import WrittenOnce


class SessionStore(WrittenOnce, db.SessionStore):
    pass
