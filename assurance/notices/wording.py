"""What each kind of notice says, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assurance.sentences import retold
from assurance.templatetags.ui import in_words

if TYPE_CHECKING:
    from assurance.accounts.models import User
    from assurance.notices.models import Notice


@dataclass(frozen=True)
class Said:
    """One notice in words."""

    title: str
    detail: str


WORDS: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "enrolment_submitted": (_("%(product)s waits for review"), _("Decide by %(due)s.")),
    "enrolment_approved": (_("%(product)s is enrolled"), _("You may announce a shipment now.")),
    "enrolment_returned": (
        _("%(product)s needs changes"),
        _("Points to change: %(count)s. Each stands beside its field."),
    ),
    "enrolment_rejected": (_("%(product)s was rejected"), _("The reasons stand beside the fields.")),
    "category_rules_change": (
        _("%(category)s: new rules from %(date)s"),
        _("%(count)s of your approved products do not fulfil them yet."),
    ),
    "enrolment_expired": (_("The enrolment of %(product)s has expired"), _("Its badges are no longer valid. Enrol it again.")),
    "paper_ends": (_("%(paper)s %(number)s ends on %(date)s"), _("Days left: %(left)s. Enter a newer one in time.")),
    "paper_ended": (
        _("%(paper)s %(number)s ended on %(date)s"),
        _("What depends on it cannot be enrolled, and its badges are suspended until a newer one is verified."),
    ),
    "paper_waits": (_("%(paper)s of %(merchant)s waits for review"), _("Number %(number)s.")),
    "paper_verified": (_("%(paper)s %(number)s is verified"), _("It counts from now on.")),
    "paper_returned": (_("%(paper)s %(number)s was returned"), _("Points to change: %(count)s. Each stands beside its field.")),
    "entry_applied": (_("%(merchant)s applies to return to the programme"), _("Look at the metrics and decide.")),
    "entry_admitted": (_("You take part in the programme"), _("Products may be enrolled and shown.")),
    "entry_refused": (_("Your application to take part was refused"), _("Reason: %(reason)s")),
    "entry_cleared_out": (
        _("Cleared out of the programme; a return is possible from %(date)s"),
        _("Badges are suspended until then. Reason: %(reason)s"),
    ),
    "entry_cleared_for_good": (_("Cleared out of the programme for good"), _("Badges are suspended. Reason: %(reason)s")),
    "claim_refuted": (_("A claim about %(product)s is refuted"), _("“%(claim)s” is shown to nobody any more.")),
    "claim_expired": (
        _("A claim about %(product)s has lost its proof"),
        _("The evidence under “%(claim)s” has ended; it is shown to nobody now."),
    ),
    "certificate_entered": (_("%(merchant)s entered a certificate: %(number)s"), _("Compare it with its file and verify it.")),
    "certificate_verified": (_("Certificate %(number)s is verified"), _("It counts for the products it covers.")),
    "certificate_rejected": (_("Certificate %(number)s was rejected"), _("Reason: %(because)s")),
    "certificate_suspended": (_("Certificate %(number)s is suspended"), _("Reason: %(because)s")),
    "certificate_withdrawn": (_("Certificate %(number)s was withdrawn"), _("Reason: %(because)s")),
    "certificate_reinstated": (_("Certificate %(number)s holds again"), _("Reason: %(because)s")),
    "certificate_ends": (
        _("Certificate %(number)s ends on %(date)s"),
        _("Enter the new one before. What depends on it stops after that day."),
    ),
    "certificate_ends_today": (
        _("Certificate %(number)s ended on %(date)s"),
        _("After that day its products stop until a valid one is attached."),
    ),
    "certificate_conflict": (_("Two merchants show one certificate: %(number)s"), _("Neither product gets a badge until you decide.")),
    "calendar_ends": (_("The working-day calendar ends on %(last)s"), _("Add the holidays that were announced for the year after.")),
    "lot_received": (_("Lot %(lot)s was received"), _("%(units)s units wait for inspection.")),
    "inspection_waiting": (_("Lot %(lot)s waits for inspection"), _("Sample of %(sample)s units, due by %(due)s.")),
    "lot_released": (_("Lot %(lot)s is released"), _("%(inspected)s units inspected, %(defective)s with defects.")),
    "lot_held": (_("Lot %(lot)s is on hold"), _("%(inspected)s units inspected, %(defective)s with defects.")),
    "inspection_promised": (_("%(notice)s: %(units)s units will be inspected"), _("Released by %(until)s, if they arrive as announced.")),
    "discrepancy_found": (_("Discrepancy of %(notice)s: %(what)s"), _("%(units)s units stand aside and are not taken in.")),
    "discrepancy_admission": (
        _("%(notice)s: goods too old to be taken in"),
        _("%(units)s units stand aside. A lead may admit them with a reason."),
    ),
    "discrepancy_yours": (_("%(notice)s: %(what)s, now yours"), _("%(units)s units. Say what becomes of them.")),
    "discrepancy_settled": (_("Discrepancy of %(notice)s settled: %(outcome)s"), _("%(units)s units that stood aside are settled.")),
    "non_conformance_opened": (
        _("Lot %(lot)s failed its inspection: decide what becomes of it"),
        _("%(units)s units on hold. Without a decision by %(due)s they are returned to you."),
    ),
    "corrective_demanded": (
        _("Inspection of %(product)s is suspended"),
        _("Nothing of it may be sent or announced until a corrective action is approved. Say what the cause was and what you changed."),
    ),
    "corrective_submitted": (_("%(product)s: a corrective action waits for your decision"), _("The goods are stopped until then.")),
    "corrective_approved": (_("%(product)s: the corrective action is approved"), _("Inspection goes on, tightened.")),
    "disposition_requested": (_("The merchant asks for a decision on lot %(lot)s"), _("%(units)s units on hold.")),
    "disposition_approved": (_("Lot %(lot)s: a decision stands"), _("%(units)s units; it is carried out now.")),
    "disposition_refused": (_("Lot %(lot)s: your request was refused"), _("%(units)s units. The reason stands beside it.")),
    "disposition_done": (_("Lot %(lot)s: the decision was carried out"), _("%(units)s units.")),
    "disposition_ended": (_("Lot %(lot)s: a decision has ended"), _("What is left of %(units)s units needs another decision.")),
    "return_received": (_("Return %(return)s has arrived"), _("%(units)s units wait for inspection.")),
    "return_waiting": (_("Return %(return)s waits for inspection"), _("%(units)s units.")),
    "return_graded": (_("Returned unit %(unit)s: grade %(grade)s"), _("See what changed since it left, and what becomes of it.")),
    "order_short": (
        _("Order %(order)s waits for %(product)s"),
        _("Products missing: %(count)s. Announce a shipment; it goes out as soon as it is released."),
    ),
    "lot_on_hold": (_("Lot %(lot)s is on hold"), _("Nothing of it is shipped for now. Reason: %(because)s")),
    "lot_near_end": (_("Lot %(lot)s expires on %(date)s"), _("Say what is to be done with it.")),
    "lot_recalled": (_("Lot %(lot)s is recalled"), _("Nothing of it leaves any warehouse. Reason: %(because)s")),
    "sample_to_take": (_("Take sample %(sample)s"), _("Lot %(lot)s was chosen for the laboratory.")),
    "sample_coming": (_("Sample %(sample)s is on its way"), _("Its results are due by %(due)s.")),
    "results_to_verify": (_("Verify the results of sample %(sample)s"), _("They are due by %(due)s.")),
    "results_sent_back": (_("Results of sample %(sample)s were sent back"), _("They are due by %(due)s.")),
    "results_to_publish": (_("Publish the results of sample %(sample)s"), _("Lot %(lot)s: verified by the laboratory.")),
    "sample_voided": (_("Sample %(sample)s is void"), _("Lot %(lot)s: see its hand-overs for the reason.")),
    "lab_passed": (_("Lot %(lot)s passed in the laboratory"), _("Sample %(sample)s, %(tests)s tests.")),
    "lab_failed": (_("Lot %(lot)s failed in the laboratory"), _("Sample %(sample)s, %(tests)s tests. The lot is stopped.")),
    "badge_stopped": (_("The badge of lot %(lot)s is suspended"), _("Reason: %(because)s")),
    "badges_stopped": (_("Badges suspended: %(count)s"), _("Reason: %(because)s")),
    "badge_back": (_("The badge of lot %(lot)s is valid again"), _("The stop was lifted. It holds until %(until)s.")),
    "badge_warned": (_("%(product)s will lose its badge on %(until)s"), _("Reason: %(because)s")),
    "badge_removed": (_("%(product)s has lost its badge"), _("Reason: %(because)s")),
    "badge_regained": (_("%(product)s carries the badge again"), _("Every ground holds.")),
    "badges_back": (_("Badges valid again: %(count)s"), _("The stop was lifted.")),
    "parcel_exception": (_("Parcel %(waybill)s is in trouble"), _("%(incident)s. Responsible: %(responsible)s.")),
    "parcel_late": (_("Parcel %(waybill)s is late"), _("It was promised by %(date)s.")),
    "case_waiting": (_("Case %(case)s: %(what)s"), _("%(product)s. Answer by %(due)s.")),
    "case_opened": (_("Case %(case)s is about your goods: %(what)s"), _("%(product)s. The case desk looks into it.")),
    "case_answer_wanted": (_("Case %(case)s wants your answer"), _("%(product)s: %(what)s. The clock stands until you answer.")),
    "case_answered": (_("Case %(case)s goes on"), _("%(product)s: %(what)s.")),
    "case_proposed": (_("Case %(case)s waits for a decision"), _("%(product)s: %(what)s. A colleague has proposed one.")),
    "case_sent_back": (_("Your proposal on case %(case)s came back"), _("%(product)s: %(what)s. The reason stands in the case.")),
    "case_decided": (_("Case %(case)s is decided: %(liable)s"), _("%(product)s: %(what)s. Outcome: %(outcome)s.")),
    "case_appealed": (_("An appeal in case %(case)s"), _("%(product)s: %(what)s. Look at it again.")),
    "selected_claim_fell": (
        _("A claim about %(product)s is not proven any more"),
        _("“%(claim)s” has no proof now. The product stands on a list of yours: do not say it."),
    ),
    "selected_badge_fell": (_("%(product)s has no valid badge now"), _("It stands on a list of yours. The badge: %(status)s.")),
    "statement_final": (_("The statement of %(month)s is final"), _("%(lines)s lines, ¥%(total)s in all.")),
    "dispute_opened": (_("%(merchant)s disputes a line of ¥%(amount)s"), _("Answer by %(due)s.")),
    "dispute_accepted": (_("%(dispute)s is accepted: ¥%(amount)s come back"), _("Answer: %(answer)s")),
    "dispute_rejected": (_("%(dispute)s is rejected"), _("Answer: %(answer)s")),
    "operations_unrated": (_("Operations without a price: %(count)s"), _("Add the missing rate, then start a fee run.")),
    "run_done": (_("%(run)s is finished"), _("%(done)s rows, %(errors)s with errors.")),
    "run_failed": (_("%(run)s failed"), _("Nothing was lost. You can start it again.")),
    "job_parked": (_("Job %(handler)s was parked"), _("It failed %(attempts)s times: %(error)s")),
}
"""Kind → title and detail. A kind that is missing here cannot be sent."""
LOOKS: Final[dict[str, tuple[str, str]]] = {
    "enrolment_submitted": ("run", "clipboard-check"),
    "enrolment_approved": ("pass", "shield-check"),
    "enrolment_returned": ("hold", "arrow-back-up"),
    "enrolment_rejected": ("fail", "circle-x"),
    "category_rules_change": ("hold", "list-details"),
    "enrolment_expired": ("gone", "calendar-off"),
    "paper_ends": ("hold", "hourglass"),
    "paper_ended": ("fail", "calendar-off"),
    "paper_waits": ("run", "clipboard-check"),
    "paper_verified": ("pass", "circle-check"),
    "paper_returned": ("hold", "arrow-back-up"),
    "entry_applied": ("run", "clipboard-check"),
    "entry_admitted": ("pass", "shield-check"),
    "entry_refused": ("fail", "circle-x"),
    "entry_cleared_out": ("stop", "player-pause"),
    "entry_cleared_for_good": ("stop", "player-pause"),
    "certificate_entered": ("run", "eye-check"),
    "certificate_verified": ("pass", "certificate"),
    "certificate_rejected": ("fail", "certificate-off"),
    "certificate_suspended": ("stop", "player-pause"),
    "certificate_withdrawn": ("fail", "certificate-off"),
    "certificate_reinstated": ("pass", "certificate"),
    "certificate_ends": ("hold", "calendar-exclamation"),
    "certificate_ends_today": ("fail", "calendar-off"),
    "certificate_conflict": ("hold", "scale"),
    "calendar_ends": ("hold", "calendar-exclamation"),
    "lot_received": ("run", "package-import"),
    "inspection_waiting": ("run", "clipboard-list"),
    "lot_released": ("pass", "circle-check"),
    "lot_held": ("hold", "hand-stop"),
    "lot_on_hold": ("hold", "hand-stop"),
    "lot_near_end": ("hold", "hourglass"),
    "lot_recalled": ("stop", "alert-octagon"),
    "inspection_promised": ("run", "clipboard-list"),
    "discrepancy_found": ("hold", "alert-triangle"),
    "discrepancy_admission": ("hold", "clock-exclamation"),
    "discrepancy_yours": ("hold", "user-share"),
    "discrepancy_settled": ("pass", "circle-check"),
    "non_conformance_opened": ("hold", "tools"),
    "corrective_demanded": ("stop", "player-pause"),
    "corrective_submitted": ("hold", "message-question"),
    "corrective_approved": ("pass", "circle-check"),
    "disposition_requested": ("hold", "message-question"),
    "disposition_approved": ("run", "tools"),
    "disposition_refused": ("fail", "circle-x"),
    "disposition_done": ("pass", "circle-check"),
    "disposition_ended": ("hold", "calendar-off"),
    "return_received": ("run", "truck-return"),
    "return_waiting": ("run", "clipboard-list"),
    "return_graded": ("run", "scale"),
    "order_short": ("hold", "shopping-cart-exclamation"),
    "sample_to_take": ("wait", "hand-grab"),
    "sample_coming": ("run", "truck"),
    "results_to_verify": ("hold", "eye-check"),
    "results_sent_back": ("hold", "arrow-back-up"),
    "results_to_publish": ("hold", "send"),
    "sample_voided": ("gone", "ban"),
    "lab_passed": ("pass", "flask"),
    "lab_failed": ("fail", "flask-off"),
    "badge_stopped": ("stop", "player-pause"),
    "badges_stopped": ("stop", "player-pause"),
    "badge_back": ("pass", "rosette-discount-check"),
    "badge_warned": ("hold", "alert-triangle"),
    "badge_removed": ("stop", "tag-off"),
    "badge_regained": ("pass", "tag"),
    "badges_back": ("pass", "rosette-discount-check"),
    "parcel_exception": ("fail", "alert-triangle"),
    "parcel_late": ("hold", "clock-exclamation"),
    "case_waiting": ("wait", "headset"),
    "case_opened": ("hold", "headset"),
    "case_answer_wanted": ("hold", "message-question"),
    "case_answered": ("run", "message"),
    "case_proposed": ("hold", "gavel"),
    "case_sent_back": ("hold", "arrow-back-up"),
    "case_decided": ("run", "gavel"),
    "case_appealed": ("hold", "scale"),
    "selected_badge_fell": ("stop", "player-pause"),
    "selected_claim_fell": ("stop", "player-pause"),
    "claim_refuted": ("fail", "circle-x"),
    "claim_expired": ("gone", "calendar-off"),
    "statement_final": ("run", "receipt"),
    "dispute_opened": ("hold", "message-exclamation"),
    "dispute_accepted": ("pass", "receipt-refund"),
    "dispute_rejected": ("fail", "receipt-off"),
    "operations_unrated": ("hold", "receipt-off"),
    "run_done": ("pass", "file-check"),
    "run_failed": ("fail", "file-x"),
    "job_parked": ("fail", "parking"),
}
"""Kind → tone and icon in the list."""
MOMENTS: Final = frozenset({"due", "until"})
"""Parameters that are moments, kept as ISO 8601 and shown in the reader's zone."""
DAYS: Final = frozenset({"date", "last"})
"""Parameters that are days, kept as ISO 8601."""
SENTENCES: Final = frozenset({"because"})
"""Parameters that are sentences of the record (``assurance.sentences``)."""
MESSAGES: Final = frozenset({"incident", "liable", "outcome", "paper", "responsible", "run", "what"})
"""Parameters that are themselves messages, kept in English (``english``) and shown in the reader's language."""


def worded(kind: str, params: Mapping[str, Any]) -> Said:
    """Return a notice in the language and the time zone that are active now; of a name in two languages ``…_en`` is the English one."""
    title, detail = WORDS[kind]
    in_english = (translation.get_language() or "").startswith("en")
    shown = {name: shown_param(name, (in_english and params.get(f"{name}_en")) or value) for name, value in params.items()}
    return Said(str(title) % shown, str(detail) % shown)


def shown_param(name: str, value: Any) -> Any:
    if name in MOMENTS:
        return in_words(timezone.localtime(datetime.fromisoformat(value)), "short", timezone.localdate())
    if name in DAYS:
        return in_words(date.fromisoformat(value), "long", timezone.localdate())
    if name in MESSAGES:
        return translation.gettext(value)
    if name in SENTENCES:
        return retold(value)
    return f"{value:,}" if isinstance(value, int) else value


def english(message: str | Promise) -> str:
    """Return a message as it is kept in a parameter."""
    with translation.override(None):
        return str(message)


@contextmanager
def in_language_of(person: User) -> Iterator[None]:
    """Speak the person's language, by the person's clock, for a while."""
    with translation.override(person.language), timezone.override(ZoneInfo(person.timezone)):
        yield


@dataclass(frozen=True)
class Told:
    """A notice with its words, for one line of a list."""

    notice: Notice
    said: Said
    tone: str
    icon: str

    @property
    def day(self) -> date:
        """The day it came, in the reader's zone."""
        return timezone.localdate(self.notice.created_at)


def told(notice: Notice) -> Told:
    """Return a notice in the language that is active now."""
    return Told(notice, worded(notice.kind, notice.params), *LOOKS[notice.kind])
