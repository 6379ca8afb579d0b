"""What a rule about input raises: a code for programs and the numbers its sentence needs."""


class Invalid(ValueError):
    """A value from outside breaks a rule. ``field`` is a dotted path when the rule knows it."""

    def __init__(self, code: str, *, field: str = "", **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params
