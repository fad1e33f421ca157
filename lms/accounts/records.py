"""What crosses the door of accounts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


class Register(Protocol):
    """What accounts asks of the register of people, which lies above it and plugs itself in."""

    def names_of(self, user_id: int) -> Iterable[str]:
        """By what the holder of this account may call themselves: officer code, telephone, e-mail."""

    def address_of(self, user_id: int) -> str:
        """The e-mail address that the register knows; empty if none."""

    def account_of(self, officer_code: str, on: date) -> int | None:
        """The account of whoever has exactly this code, opened if they are in service on that day.

        None: there is no such person, or none who may come in.
        """

    def keeps_account(self, keeper_id: int, user_id: int, on: date) -> bool:
        """Whether the holder of the first account may, on that day, have codes issued for the second."""

    def sees_others(self, user_id: int, on: date) -> bool:
        """Whether the holder has, on that day, a role by which they see or change what is others'."""


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code that was just made. Nothing keeps it: whoever holds this record must show it now."""

    user_id: int
    code: str
    """With its dashes, as it is printed."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AccountState:
    """How far somebody has come with their account, as an administrator may know it."""

    user_id: int
    username: str
    active: bool
    signed_in_at: datetime | None
    has_password: bool
    has_second_factor: bool
    code_expires_at: datetime | None
    """Until when a code that nobody has used yet opens the account."""
    reset_asked: bool
    """Somebody has asked to take the second factor away; a second person has not decided yet."""


@dataclass(frozen=True, slots=True)
class AccountEvent:
    """One thing that was done to an account: a code, a reset, a closure."""

    at: datetime
    by: str
    """Who did it, by name; empty: the operator."""
    what: str
    about: object
    """The row that says more: the code, the reset, or the closure."""
