"""What samples and results may do, whoever writes: owners agree, steps in their order, nobody verifies himself, no result is overwritten."""

from django.db import migrations

from assurance.database import AppendOnly, OnlyChanging, SameOwner, StateEdges

# A round that was drawn stays; the seed it reveals is the one it committed to.
SEED = """
ALTER TABLE qc_drawround ADD CONSTRAINT draw_round_keeps_its_word
    CHECK (seed = '' OR encode(sha256(decode(seed, 'hex')), 'hex') = commitment)
"""
DRAWN = """
CREATE TRIGGER qc_drawround_is_drawn_once BEFORE UPDATE ON qc_drawround FOR EACH ROW
    WHEN (OLD.drawn_at IS NOT NULL) EXECUTE FUNCTION refuse_change()
"""
OVER = """
CREATE TRIGGER qc_sample_is_over BEFORE UPDATE ON qc_sample FOR EACH ROW
    WHEN (OLD.state IN ('published', 'voided')) EXECUTE FUNCTION refuse_change()
"""

# P9.7: the accreditation belongs to the sample's laboratory, covers that test, and is valid on the day the sample leaves.
SCOPE = """
CREATE FUNCTION check_sample_test_scope() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.qc_sample s, public.qc_labtest t, public.qc_labscope c
                    WHERE s.id = NEW.sample_id AND t.id = NEW.test_id AND c.id = NEW.scope_id AND c.lab_id = s.lab_id AND c.test = t.code
                      AND (s.dispatched_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN c.valid_from AND c.valid_until) THEN
        RAISE EXCEPTION 'sample %: the accreditation does not cover this test on the day it leaves', NEW.sample_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sample_test_is_accredited', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
SCOPE_TRIGGER = """
CREATE TRIGGER sample_test_is_accredited BEFORE INSERT OR UPDATE ON qc_sampletest FOR EACH ROW
    WHEN (NEW.scope_id IS NOT NULL) EXECUTE FUNCTION check_sample_test_scope()
"""

RESULTS = """
CREATE FUNCTION check_results_are_being_found() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM fresh JOIN public.qc_sample s ON s.id = fresh.sample_id WHERE s.state <> 'testing') THEN
        RAISE EXCEPTION 'results are entered while their sample is being tested'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'result_of_a_sample_in_test', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NULL;
END
$$
"""
RESULTS_TRIGGER = """
CREATE TRIGGER result_of_a_sample_in_test AFTER INSERT ON qc_labresult REFERENCING NEW TABLE AS fresh
FOR EACH STATEMENT EXECUTE FUNCTION check_results_are_being_found()
"""

# P9.4: verified means that of every test the standing result was confirmed by as many others as the test asks for.
VERIFIED = """
CREATE FUNCTION check_sample_is_verified() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF EXISTS (SELECT FROM public.qc_sampletest p JOIN public.qc_labtest t ON t.id = p.test_id
                WHERE p.sample_id = NEW.id
                  AND t.verifications > (SELECT count(*) FROM public.qc_labresult r JOIN public.qc_verification v ON v.result_id = r.id
                                          WHERE r.sample_test_id = p.id AND v.decision = 'confirmed'
                                            AND NOT EXISTS (SELECT FROM public.qc_labresult n WHERE n.corrects_id = r.id))) THEN
        RAISE EXCEPTION 'sample %: not every result was confirmed by enough people', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sample_is_verified', TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
    END IF;
    RETURN NEW;
END
$$
"""
VERIFIED_TRIGGER = """
CREATE TRIGGER sample_is_verified BEFORE UPDATE OF state ON qc_sample FOR EACH ROW
    WHEN (NEW.state = 'verified' AND OLD.state <> 'verified') EXECUTE FUNCTION check_sample_is_verified()
"""

SIDES_AND_PRODUCT = ("id", "merchant_id", "warehouse_id", "product_id")
PERSON = ("id", "organisation_id")


class Migration(migrations.Migration):
    dependencies = [("qc", "0003_labs"), ("warehouse", "0002_goods_guards")]

    operations = [
        SameOwner("qc_sample", ("lot_id", "merchant_id", "warehouse_id", "product_id"), "warehouse_lot", SIDES_AND_PRODUCT),
        SameOwner("qc_sample", ("round_id", "warehouse_id"), "qc_drawround", ("id", "warehouse_id")),
        SameOwner("qc_sample", ("retest_of_id", "merchant_id"), "qc_sample", ("id", "merchant_id")),
        SameOwner("qc_sample", ("replaces_id", "merchant_id"), "qc_sample", ("id", "merchant_id")),
        SameOwner("qc_drawcandidate", ("lot_id", "merchant_id"), "warehouse_lot", ("id", "merchant_id")),
        SameOwner("qc_sampletest", ("sample_id", "merchant_id"), "qc_sample", ("id", "merchant_id")),
        SameOwner("qc_samplehandover", ("sample_id", "merchant_id"), "qc_sample", ("id", "merchant_id")),
        SameOwner("qc_labresult", ("sample_test_id", "sample_id"), "qc_sampletest", ("id", "sample_id")),
        SameOwner("qc_labresult", ("sample_id", "lab_id"), "qc_sample", ("id", "lab_id")),
        SameOwner("qc_labresult", ("merchant_id", "sample_id"), "qc_sample", ("merchant_id", "id")),
        SameOwner("qc_labresult", ("entered_by_id", "lab_id"), "assurance_user", PERSON),
        SameOwner("qc_labresult", ("corrects_id", "sample_id"), "qc_labresult", ("id", "sample_id")),
        SameOwner("qc_verification", ("entered_by_id", "result_id"), "qc_labresult", ("entered_by_id", "id")),
        SameOwner("qc_verification", ("result_id", "sample_id"), "qc_labresult", ("id", "sample_id")),
        SameOwner("qc_verification", ("sample_id", "lab_id"), "qc_sample", ("id", "lab_id")),
        SameOwner("qc_verification", ("verified_by_id", "lab_id"), "assurance_user", PERSON),
        migrations.RunSQL([SEED], ["ALTER TABLE qc_drawround DROP CONSTRAINT draw_round_keeps_its_word"]),
        migrations.RunSQL([DRAWN], ["DROP TRIGGER qc_drawround_is_drawn_once ON qc_drawround"]),
        migrations.RunSQL([OVER], ["DROP TRIGGER qc_sample_is_over ON qc_sample"]),
        migrations.RunSQL(
            [SCOPE, SCOPE_TRIGGER],
            ["DROP TRIGGER sample_test_is_accredited ON qc_sampletest", "DROP FUNCTION check_sample_test_scope()"],
        ),
        migrations.RunSQL(
            [RESULTS, RESULTS_TRIGGER],
            ["DROP TRIGGER result_of_a_sample_in_test ON qc_labresult", "DROP FUNCTION check_results_are_being_found()"],
        ),
        migrations.RunSQL(
            [VERIFIED, VERIFIED_TRIGGER],
            ["DROP TRIGGER sample_is_verified ON qc_sample", "DROP FUNCTION check_sample_is_verified()"],
        ),
        AppendOnly("qc_labtest"),
        AppendOnly("qc_labtie"),
        AppendOnly("qc_drawseed"),
        AppendOnly("qc_drawcandidate"),
        AppendOnly("qc_samplehandover"),
        AppendOnly("qc_labresult"),
        AppendOnly("qc_verification"),
        OnlyChanging("qc_labscope", "valid_until", "ended_at", "end_reason"),
        OnlyChanging("qc_drawround", "seed", "drawn_by_id", "drawn_at"),
        # the retest rule, the lot and the tests are fixed when a sample is scheduled
        OnlyChanging("qc_sampletest", "scope_id", "price"),
        OnlyChanging(
            "qc_sample",
            *("state", "taken_by_id", "seal_number", "counter_seal_number", "counter_place", "counter_until"),
            *("lab_id", "choice", "dispatched_at", "arrive_by", "due_at", "reason"),
            *("ended_at", "verdict", "because", "evidence_entry_id"),
        ),
        StateEdges(
            "qc_sample",
            "state",
            {
                "scheduled": ["drawn", "voided"],
                "drawn": ["sealed", "voided"],
                "sealed": ["dispatched", "voided"],
                "dispatched": ["received", "voided"],
                "received": ["testing"],
                "testing": ["resulted"],
                "resulted": ["testing", "verified"],
                "verified": ["published"],
                "published": [],
                "voided": [],
            },
        ),
    ]
