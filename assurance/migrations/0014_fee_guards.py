"""What money may do, whoever writes: prices never overlap, nothing booked changes, books balance, a final statement adds up and stays."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

RATE_ONCE_AT_A_TIME = """
ALTER TABLE assurance_rate ADD CONSTRAINT rate_once_at_a_time
    EXCLUDE USING gist (kind WITH =, daterange(from_date, until_date) WITH &&)
"""

# An end is written once, when a later version follows, and never before what was charged by it.
RATE_ENDS_ONCE = """
CREATE FUNCTION refuse_rate_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF OLD.until_date IS NOT NULL OR EXISTS (
        SELECT 1 FROM public.assurance_feeline WHERE rate_id = OLD.id AND (at AT TIME ZONE 'Asia/Shanghai')::date >= NEW.until_date
    ) THEN
        RAISE EXCEPTION 'rate % has ended, or charged something after %', OLD.id, NEW.until_date
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'rate_ends_once', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
RATE_TRIGGER = """
CREATE TRIGGER rate_ends_once BEFORE UPDATE ON assurance_rate FOR EACH ROW
    WHEN (OLD.until_date IS DISTINCT FROM NEW.until_date) EXECUTE FUNCTION refuse_rate_change()
"""

# Whatever is metered waits for its price: no code can forget it.
AWAIT_RATING = """
CREATE FUNCTION await_rating() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO public.assurance_ratingdue (operation_id, merchant_id, because) SELECT id, merchant_id, '' FROM fresh ORDER BY id;
    RETURN NULL;
END
$$
"""
AWAIT_TRIGGER = """
CREATE TRIGGER operation_awaits_rating AFTER INSERT ON assurance_operation REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION await_rating()
"""
LEAVE_WHEN_RATED = """
CREATE FUNCTION refuse_unrated_leaving() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM gone WHERE NOT EXISTS (SELECT 1 FROM public.assurance_feeline l WHERE l.operation_id = gone.operation_id)) THEN
        RAISE EXCEPTION 'an operation leaves the queue without its line'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ratingdue_goes_with_its_line', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
LEAVE_TRIGGER = """
CREATE TRIGGER ratingdue_goes_with_its_line AFTER DELETE ON assurance_ratingdue REFERENCING OLD TABLE AS gone
FOR EACH STATEMENT EXECUTE FUNCTION refuse_unrated_leaving()
"""

# The share lock waits for whoever is closing the statement, and makes him wait for us.
INTO_OPEN_STATEMENT = """
CREATE FUNCTION refuse_closed_statement() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    PERFORM 1 FROM public.assurance_statement s WHERE s.id IN (SELECT statement_id FROM fresh) ORDER BY s.id FOR SHARE;
    IF EXISTS (SELECT 1 FROM public.assurance_statement s WHERE s.id IN (SELECT statement_id FROM fresh) AND s.state <> 'draft') THEN
        RAISE EXCEPTION 'a statement that is final takes nothing more'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
OPEN_TRIGGER = """
CREATE TRIGGER {name}_into_open_statement AFTER INSERT ON assurance_{name} REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_statement()
"""
BILLED = ("feeline", "creditnote", "posting")

# All legs of an entry come in one statement: two, of one amount, up for the merchant for a line and down for a credit note.
BALANCE = """
CREATE FUNCTION refuse_unbalanced_postings() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM fresh GROUP BY line_id, credit_note_id
                HAVING count(*) <> 2 OR count(DISTINCT account) <> 2 OR sum(amount) <> 0) THEN
        RAISE EXCEPTION 'the legs of an entry do not add up to nothing'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_balances', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    IF EXISTS (SELECT 1 FROM fresh p
                 LEFT JOIN public.assurance_feeline l ON l.id = p.line_id
                 LEFT JOIN public.assurance_creditnote c ON c.id = p.credit_note_id
                 LEFT JOIN public.assurance_feeline cl ON cl.id = c.line_id
                WHERE (p.merchant_id, p.statement_id, p.kind) IS DISTINCT FROM
                      (coalesce(l.merchant_id, c.merchant_id), coalesce(l.statement_id, c.statement_id), coalesce(l.kind, cl.kind))
                   OR p.amount <> coalesce(l.amount, -c.amount) * CASE p.account WHEN 'receivable' THEN 1 ELSE -1 END) THEN
        RAISE EXCEPTION 'a leg does not say what its line or credit note says'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'posting_as_its_entry', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
BALANCE_TRIGGER = """
CREATE TRIGGER posting_balances AFTER INSERT ON assurance_posting REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION refuse_unbalanced_postings()
"""

# At commit: what was charged or given back has its legs.
POSTED = """
CREATE FUNCTION refuse_unposted() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (TG_ARGV[0] = 'line' AND NOT EXISTS (SELECT 1 FROM public.assurance_posting WHERE line_id = NEW.id))
    OR (TG_ARGV[0] = 'credit_note' AND NOT EXISTS (SELECT 1 FROM public.assurance_posting WHERE credit_note_id = NEW.id)) THEN
        RAISE EXCEPTION '% % is not booked', TG_TABLE_NAME, NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
POSTED_TRIGGERS = {"feeline": "line", "creditnote": "credit_note"}
POSTED_TRIGGER = """
CREATE CONSTRAINT TRIGGER {table}_is_booked AFTER INSERT ON assurance_{table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.amount <> 0) EXECUTE FUNCTION refuse_unposted('{entry}')
"""

CREDIT_WITHIN_LINE = """
CREATE FUNCTION refuse_credit_above_line() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NEW.amount > (SELECT amount FROM public.assurance_feeline WHERE id = NEW.line_id) THEN
        RAISE EXCEPTION 'more would be given back than was charged'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'creditnote_within_its_line', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
CREDIT_TRIGGER = """
CREATE TRIGGER creditnote_within_its_line AFTER INSERT ON assurance_creditnote FOR EACH ROW EXECUTE FUNCTION refuse_credit_above_line()
"""
ACCEPTED_IS_CREDITED = """
CREATE FUNCTION refuse_accepted_without_credit() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.assurance_creditnote WHERE dispute_id = NEW.id) THEN
        RAISE EXCEPTION 'dispute % is accepted, but nothing was given back', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dispute_accepted_is_credited', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
ACCEPTED_TRIGGER = """
CREATE CONSTRAINT TRIGGER dispute_accepted_is_credited AFTER INSERT OR UPDATE ON assurance_dispute
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'accepted') EXECUTE FUNCTION refuse_accepted_without_credit()
"""

FINAL_NEVER_CHANGES = """
CREATE FUNCTION refuse_final_change() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    RAISE EXCEPTION 'statement % is final', OLD.id
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'statement_final_never_changes', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END
$$
"""
FINAL_TRIGGER = """
CREATE TRIGGER statement_final_never_changes BEFORE UPDATE OR DELETE ON assurance_statement FOR EACH ROW
    WHEN (OLD.state = 'final') EXECUTE FUNCTION refuse_final_change()
"""
ADDS_UP = """
CREATE FUNCTION check_statement_adds_up() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    charged numeric := (SELECT coalesce(sum(amount), 0) FROM public.assurance_feeline WHERE statement_id = NEW.id);
    credited numeric := (SELECT coalesce(sum(amount), 0) FROM public.assurance_creditnote WHERE statement_id = NEW.id);
    owed numeric := (SELECT coalesce(sum(amount), 0) FROM public.assurance_posting
                      WHERE statement_id = NEW.id AND account = 'receivable');
    counted bigint := (SELECT count(*) FROM public.assurance_feeline WHERE statement_id = NEW.id);
BEGIN
    IF NEW.total <> charged - credited OR NEW.total <> owed OR NEW.line_count <> counted THEN
        RAISE EXCEPTION 'statement %: total %, lines % less credit notes %, postings %', NEW.id, NEW.total, charged, credited, owed
            USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_adds_up', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
ADDS_UP_TRIGGER = """
CREATE CONSTRAINT TRIGGER statement_adds_up AFTER INSERT OR UPDATE ON assurance_statement
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.state = 'final') EXECUTE FUNCTION check_statement_adds_up()
"""

# What Django calls by column is called by its rule.
RENAMED = {
    ("feeline", "operation"): "feeline_once_per_operation",
    ("creditnote", "line"): "creditnote_once_per_line",
    ("creditnote", "dispute"): "creditnote_once_per_dispute",
}
RENAME = "ALTER TABLE assurance_{table} RENAME CONSTRAINT {old} TO {new}"

MERCHANT = ("id", "merchant_id")
PERSON = ("id", "organisation_id")


def guard(function: str, *triggers: tuple[str, str, str]) -> migrations.RunSQL:
    """Make a function and its triggers, each told as SQL, name and table."""
    name = function.split("FUNCTION ", 1)[1].split("(", 1)[0]
    return migrations.RunSQL(
        [function, *(sql for sql, _, _ in triggers)],
        [*(f"DROP TRIGGER {trigger} ON assurance_{table}" for _, trigger, table in triggers), f"DROP FUNCTION {name}()"],
    )


class Migration(migrations.Migration):
    dependencies = [("assurance", "0013_names_on_marketplaces")]

    operations = [
        BtreeGistExtension(),
        migrations.RunSQL([RATE_ONCE_AT_A_TIME], ["ALTER TABLE assurance_rate DROP CONSTRAINT rate_once_at_a_time"]),
        guard(RATE_ENDS_ONCE, (RATE_TRIGGER, "rate_ends_once", "rate")),
        guard(AWAIT_RATING, (AWAIT_TRIGGER, "operation_awaits_rating", "operation")),
        guard(LEAVE_WHEN_RATED, (LEAVE_TRIGGER, "ratingdue_goes_with_its_line", "ratingdue")),
        guard(INTO_OPEN_STATEMENT, *((OPEN_TRIGGER.format(name=name), f"{name}_into_open_statement", name) for name in BILLED)),
        guard(BALANCE, (BALANCE_TRIGGER, "posting_balances", "posting")),
        guard(
            POSTED,
            *((POSTED_TRIGGER.format(table=table, entry=entry), f"{table}_is_booked", table) for table, entry in POSTED_TRIGGERS.items()),
        ),
        guard(CREDIT_WITHIN_LINE, (CREDIT_TRIGGER, "creditnote_within_its_line", "creditnote")),
        guard(ACCEPTED_IS_CREDITED, (ACCEPTED_TRIGGER, "dispute_accepted_is_credited", "dispute")),
        guard(FINAL_NEVER_CHANGES, (FINAL_TRIGGER, "statement_final_never_changes", "statement")),
        guard(ADDS_UP, (ADDS_UP_TRIGGER, "statement_adds_up", "statement")),
        *(
            migrations.RunSQL(
                [RENAME.format(table=table, old=f"assurance_{table}_{column}_id_key", new=rule)],
                [RENAME.format(table=table, new=f"assurance_{table}_{column}_id_key", old=rule)],
            )
            for (table, column), rule in RENAMED.items()
        ),
        SameOwner("assurance_feeline", ("operation_id", "merchant_id", "kind"), "assurance_operation", (*MERCHANT, "kind")),
        SameOwner("assurance_feeline", ("statement_id", "merchant_id"), "assurance_statement", MERCHANT),
        SameOwner("assurance_feeline", ("rate_id", "kind"), "assurance_rate", ("id", "kind")),
        SameOwner("assurance_posting", ("statement_id", "merchant_id"), "assurance_statement", MERCHANT),
        SameOwner("assurance_dispute", ("line_id", "merchant_id"), "assurance_feeline", MERCHANT),
        SameOwner("assurance_dispute", ("opened_by_id", "merchant_id"), "assurance_user", PERSON),
        SameOwner("assurance_creditnote", ("dispute_id", "line_id", "merchant_id"), "assurance_dispute", ("id", "line_id", "merchant_id")),
        SameOwner("assurance_creditnote", ("statement_id", "merchant_id"), "assurance_statement", MERCHANT),
        AppendOnly("assurance_ratecard"),
        AppendOnly("assurance_operation"),
        AppendOnly("assurance_feeline"),
        AppendOnly("assurance_posting"),
        AppendOnly("assurance_creditnote"),
        OnlyChanging("assurance_rate", "until_date"),
        OnlyChanging("assurance_statement", "state", "total", "line_count", "digest", "finalised_at", "finalised_by_id"),
        OnlyChanging("assurance_dispute", "state", "answer", "decided_by_id", "decided_at"),
        StateEdges("assurance_statement", "state", {"draft": ["final"], "final": []}),
        StateEdges("assurance_dispute", "state", {"open": ["accepted", "rejected"], "accepted": [], "rejected": []}),
    ]
