"""Sessions in the database, read from the cache that all processes share."""

from django.contrib.sessions.backends import cached_db

from . import WrittenOnce


class SessionStore(WrittenOnce, cached_db.SessionStore):
    pass
