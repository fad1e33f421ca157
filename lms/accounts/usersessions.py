"""allauth's list of sessions, without its look at all of them whenever somebody signs in."""

from allauth.usersessions.apps import UserSessionsConfig


class ListedAtSignIn(UserSessionsConfig):
    """allauth loads every session of an account at each sign-in, to forget those that are over.

    Whoever signs in each morning has thirty. The list forgets them when it is read, and the nightly job
    (retention.yaml) in any case. That somebody signed in is noted by a receiver of ours.
    """

    def ready(self) -> None:
        super().ready()
        from allauth.account.signals import user_logged_in
        from allauth.usersessions.signals import on_user_logged_in

        user_logged_in.disconnect(on_user_logged_in)
