"""Every code this door answers with: its status and its sentence. The sentence says what is wrong and what to do."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TITLES: Final[Mapping[int, Promise]] = {
    400: _("Please check what was sent"),
    401: _("Please sign in"),
    403: _("Not allowed"),
    404: _("Not found"),
    405: _("Not possible here"),
    409: _("Not possible now"),
    410: _("No longer valid"),
    413: _("Too large"),
    415: _("This type is not accepted"),
    422: pgettext_lazy("problem", "Not accepted"),
    429: _("Too many requests"),
    500: _("Something went wrong on our side"),
    503: _("Not available at the moment"),
}

STATUS: Final[Mapping[str, int]] = {
    "not_authenticated": 401,
    "permission_denied": 403,
    "csrf_failed": 403,
    "not_found": 404,
    "no_such_page": 404,
    "method_not_allowed": 405,
    "conflict": 409,
    "in_use": 409,
    "busy": 409,
    "request_in_progress": 409,
    "answer_not_kept": 409,
    "body_too_large": 413,
    "unsupported_media_type": 415,
    "unsupported_charset": 415,
    "unsupported_encoding": 415,
    "idempotency_mismatch": 422,
    "slow_down": 429,
    "server_error": 500,
    "too_slow": 503,
    "unavailable": 503,
}
"""The status of a code that stands for a whole answer; every other code is 400."""

SENTENCES: Final[Mapping[str, Promise]] = {
    # the body
    "invalid": _("This value is not accepted."),
    "several_problems": _("Several values are not accepted. Each is explained in “errors”."),
    "bad_request": _("The request cannot be understood."),
    "nul_character": _("Remove the NUL character."),
    "invalid_unicode": _("The text contains half of a character. Send complete characters."),
    "invalid_encoding": _("The body is not valid UTF-8."),
    "invalid_json": _("The body is not valid JSON."),
    "json_too_deep": _("The body is nested too deeply. At most %(max)s levels are accepted."),
    "duplicate_key": _("The same key is given twice. Send it once."),
    "object_expected": _("Send a JSON object: { … }."),
    "body_too_large": _("The body is too large. At most %(max)s bytes are accepted."),
    "unsupported_media_type": _("Send the body as application/json."),
    "unsupported_charset": _("Send the body in UTF-8."),
    "unsupported_encoding": _("Send the body uncompressed."),
    "unknown_field": _("There is no such field."),
    # fields
    "required": _("Fill in this field."),
    "null_not_allowed": _("This field may not be null."),
    "text_expected": _("Send text."),
    "too_long": _("At most %(max)s characters are accepted."),
    "too_short": _("At least %(min)s characters are needed."),
    "character_not_allowed": _("The character %(character)s is not accepted."),
    "invalid_choice": _("Choose one of the values offered."),
    "boolean_expected": _("Send true or false."),
    "list_expected": _("Send a list."),
    "too_many_items": _("At most %(max)s entries are accepted."),
    "integer_expected": _("Write a whole number in the digits 0–9."),
    "number_out_of_range": _("The number must be from %(least)s to %(most)s."),
    "number_not_finite": _("NaN and infinity are not numbers here."),
    "must_be_positive": _("The number must be greater than zero."),
    "must_not_be_negative": _("The number may not be negative."),
    "send_money_as_string": _('Send the amount as text, like "12.30".'),
    "money_format": _("Write the amount like 12.30, in the digits 0–9, without spaces or separators."),
    "rate_format": _('Write the rate as text like "0.05", with at most six decimals.'),
    "moment_format": _("Write the time like 2026-03-01T09:30:00+08:00."),
    "timezone_required": _("Add the time zone, like 2026-03-01T09:30:00+08:00."),
    "date_format": _("Write the date like 2026-03-01."),
    "date_out_of_range": _("The year must be from %(first)s to %(last)s."),
    "already_exists": _("This is already in use."),
    # persons and companies
    "phone_format": _(
        "Write a mobile number of 11 digits like 138 0013 8000, or one from abroad with its country code like +44 20 7946 0958."
    ),
    "email_format": _("Write an e-mail address like name@company.cn."),
    "code_format": _("Write 3 to 12 capital letters A–Z and digits."),
    "credit_code_length": _("%(expected)s characters are expected, %(given)s were given."),
    "credit_code_character": _(
        "The character “%(character)s” does not occur in these codes: they use digits and capital letters without I, O, S, V and Z."
    ),
    "credit_code_format": _("The first eight characters are digits."),
    "credit_code_check": _("The last character does not fit the others: look for a mistyped or swapped character."),
    "credit_code_of_another": _("This is the code of another company. The licence must be that of your own organisation."),
    "paper_number_shape": _("This is not how a number of this kind of paper is written. Copy it from the paper."),
    # the address
    "invalid_filter": _("This filter value is not accepted."),
    "unknown_parameter": _("There is no such parameter."),
    "repeated_parameter": _("This parameter is given twice. Send it once."),
    "invalid_ordering": _("The list cannot be ordered by this."),
    "no_such_page": _("The list has no such page."),
    "not_found": _("There is nothing here that you can see."),
    "method_not_allowed": _("This address does not accept this kind of request."),
    # repeated requests
    "idempotency_key_required": _("Send an Idempotency-Key header with every request that changes something."),
    "idempotency_key_invalid": _("The Idempotency-Key must be 1 to 255 visible ASCII characters."),
    "idempotency_mismatch": _("This Idempotency-Key was used for another request. Use a new key."),
    "request_in_progress": _("The same request is still running. Repeat it in a moment."),
    "answer_not_kept": _("This request was carried out, but its answer is no longer kept. Look up the result."),
    # who asks
    "not_authenticated": _("Sign in or send a valid API key."),
    "permission_denied": _("Your role does not allow this."),
    "csrf_failed": _("The form has expired. Reload the page and send it again."),
    "slow_down": _("Too many requests. Wait a moment and repeat."),
    # what stands in the way
    "conflict": _("This contradicts what is already recorded. Reload and check."),
    "in_use": _("Something else still refers to this."),
    "busy": _("Somebody else is changing the same thing. Repeat in a moment."),
    "too_slow": _("This took too long and was stopped. Nothing was changed. Narrow the request or repeat it later."),
    "unavailable": _("The service is briefly not available. Nothing was changed. Repeat in a moment."),
    "server_error": _("The request failed; nothing was changed. Tell us the request number."),
}


def sentence(code: str, params: Mapping[str, object] | None = None) -> str:
    """Return the sentence of a code in the language that is active now."""
    text = str(SENTENCES.get(code, SENTENCES["invalid"]))
    return text % params if params else text


def status_of(code: str) -> int:
    """Return the status of an answer with this code."""
    return STATUS.get(code, 400)
