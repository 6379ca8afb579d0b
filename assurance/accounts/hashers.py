"""How passwords are hashed."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class LeanArgon2Hasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: the profile OWASP names for web sign-in.

    Django's default takes 100 MiB and eight lanes for every sign-in in flight: ten people who sign in at once would take a gigabyte.
    Here it is 19 MiB and about 25 ms; what is lost in cost per guess is made up by the limits on guessing (``attempts``).
    A password hashed by another profile is hashed anew when its owner next signs in.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
