"""Which unified social credit codes (统一社会信用代码, GB 32100-2015) are accepted, and what exactly is wrong with the others."""

from typing import Final

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidFormat

from assurance.web.invalid import Invalid

LENGTH: Final = 18
ALPHABET: Final = frozenset("0123456789ABCDEFGHJKLMNPQRTUWXY")
"""I, O, S, V and Z are not used: they look like digits and like each other."""


def credit_code(text: str) -> str:
    """Return the code in capitals, without blanks.

    :raises Invalid: credit_code_length, credit_code_character, credit_code_format, credit_code_check
    """
    code = text.replace(" ", "").replace("-", "").upper()
    if len(code) != LENGTH:
        raise Invalid("credit_code_length", expected=LENGTH, given=len(code))
    strange = next((character for character in code if character not in ALPHABET), None)
    if strange:
        raise Invalid("credit_code_character", character=strange)
    try:
        return uscc.validate(code)
    except InvalidFormat:
        raise Invalid("credit_code_format") from None
    except InvalidChecksum:
        raise Invalid("credit_code_check") from None
