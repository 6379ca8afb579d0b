"""The tables of the ground floor."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import assurance.enrollment.lifecycle
import assurance.events.lifecycle
import assurance.roles
import assurance.runs.lifecycle


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("process", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=32, unique=True)),
                ("name_zh", models.CharField(max_length=40)),
                ("name_en", models.CharField(max_length=60)),
                ("is_perishable", models.BooleanField(default=False)),
                ("required_attributes", models.JSONField(default=list)),
                ("inspection_level", models.CharField(default="II", max_length=4)),
                ("aql_major", models.CharField(default="2.5", max_length=6)),
                ("aql_minor", models.CharField(default="4.0", max_length=6)),
                ("badge_days", models.PositiveSmallIntegerField(default=90)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="children", to="assurance.category"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("inspection_level__in", ["S-1", "S-2", "S-3", "S-4", "I", "II", "III"])),
                        name="category_inspection_level_is_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("size", models.BigIntegerField(unique=True)),
                ("root", models.BinaryField(max_length=32)),
                ("note", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("number__gte", 1), ("size__gte", 1)), name="checkpoint_covers_something"),
                    models.CheckConstraint(condition=models.Q(("root__length", 32)), name="checkpoint_root_is_whole"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("subject_kind", models.CharField(max_length=48)),
                ("subject_id", models.BigIntegerField()),
                ("changes", models.JSONField(default=dict)),
                ("reason", models.TextField(blank=True)),
                ("ids", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_kind", "subject_id", "id"], name="event_of_subject"),
                    models.Index(fields=["organisation_id", "-id"], name="event_of_organisation"),
                ],
            },
        ),
        migrations.CreateModel(
            name="EvidenceEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=64)),
                ("organisation_id", models.BigIntegerField()),
                ("product_id", models.BigIntegerField(null=True)),
                ("lot_id", models.BigIntegerField(null=True)),
                ("recorded_at", models.DateTimeField()),
                ("actor_id", models.BigIntegerField(null=True)),
                ("body", models.BinaryField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("product_id__isnull", False)), fields=["product_id", "id"], name="evidence_of_product"
                    ),
                    models.Index(condition=models.Q(("lot_id__isnull", False)), fields=["lot_id", "id"], name="evidence_of_lot"),
                ],
                "constraints": [models.CheckConstraint(condition=models.Q(("kind", ""), _negated=True), name="evidence_has_a_kind")],
            },
        ),
        migrations.CreateModel(
            name="Fact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64)),
                ("subject_kind", models.CharField(max_length=48)),
                ("subject_id", models.BigIntegerField()),
                ("value", models.DecimalField(decimal_places=6, max_digits=20)),
                ("unit", models.CharField(blank=True, max_length=16)),
                ("sample_size", models.PositiveIntegerField()),
                ("as_of", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["subject_kind", "subject_id", "name", "-as_of", "-id"], name="fact_newest_first")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("name", ""), _negated=True), models.Q(("subject_kind", ""), _negated=True)),
                        name="fact_has_a_name_and_a_subject",
                    ),
                    models.CheckConstraint(condition=models.Q(("as_of__lte", models.F("recorded_at"))), name="fact_is_not_of_the_future"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogNode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("level", "index"), name="log_node_once"),
                    models.CheckConstraint(condition=models.Q(("hash__length", 32)), name="log_node_hash_is_whole"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogPlace",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("source", models.CharField(max_length=8)),
                ("source_id", models.BigIntegerField()),
                ("prev_hash", models.BinaryField(max_length=32)),
                ("hash", models.BinaryField(max_length=32)),
                ("product_id", models.BigIntegerField(null=True)),
                ("product_seq", models.BigIntegerField(null=True)),
                ("product_prev_hash", models.BinaryField(max_length=32, null=True)),
                ("product_hash", models.BinaryField(max_length=32, null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("source", "source_id"), name="log_place_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("product_id__isnull", False)),
                        fields=("product_id", "product_seq"),
                        name="log_place_once_in_chain",
                    ),
                    models.CheckConstraint(condition=models.Q(("source__in", ("evidence", "event"))), name="log_place_source_is_known"),
                    models.CheckConstraint(condition=models.Q(("seq__gte", 0)), name="log_place_counts_from_zero"),
                    models.CheckConstraint(
                        condition=models.Q(("hash__length", 32), ("prev_hash__length", 32)), name="log_place_hash_is_whole"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("product_hash", None), ("product_id", None), ("product_prev_hash", None), ("product_seq", None)),
                            models.Q(
                                ("product_hash__length", 32),
                                ("product_id__isnull", False),
                                ("product_prev_hash__length", 32),
                                ("product_seq__gte", 0),
                            ),
                            _connector="OR",
                        ),
                        name="log_place_chain_is_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LogWaiting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=8)),
                ("source_id", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("source__in", ("evidence", "event"))), name="log_waiting_source_is_known")
                ],
            },
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            (assurance.roles.Kind["MERCHANT"], "Merchant"),
                            (assurance.roles.Kind["WAREHOUSE"], "Cloud warehouse"),
                            (assurance.roles.Kind["LAB"], "Laboratory"),
                            (assurance.roles.Kind["COURIER"], "Courier company"),
                            (assurance.roles.Kind["STUDIO"], "Live studio"),
                            (assurance.roles.Kind["PLATFORM"], "Platform"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("code", models.CharField(max_length=24, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=80, verbose_name="name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                ("credit_code", models.CharField(blank=True, max_length=18, verbose_name="unified social credit code")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    assurance.roles.Kind["MERCHANT"],
                                    assurance.roles.Kind["WAREHOUSE"],
                                    assurance.roles.Kind["LAB"],
                                    assurance.roles.Kind["COURIER"],
                                    assurance.roles.Kind["STUDIO"],
                                    assurance.roles.Kind["PLATFORM"],
                                ],
                            )
                        ),
                        name="organisation_kind_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("credit_code", ""), _negated=True),
                        fields=("credit_code",),
                        name="organisation_credit_code_once",
                    ),
                    models.UniqueConstraint(fields=("id", "kind"), name="organisation_with_kind"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInAttempt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("account", models.CharField(max_length=64)),
                ("place", models.CharField(max_length=45)),
                (
                    "outcome",
                    models.CharField(
                        choices=[("checking", "Checking"), ("failed", "Failed"), ("right", "Right"), ("entered", "Entered")],
                        default="checking",
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-at"], name="attempt_of_account"),
                    models.Index(fields=["place", "-at"], name="attempt_of_place"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["checking", "failed", "right", "entered"])), name="attempt_outcome_is_known"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SubjectSalt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_kind", models.CharField(max_length=48)),
                ("subject_id", models.BigIntegerField()),
                ("salt", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("subject_kind", "subject_id"), name="one_salt_per_subject")],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=120, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=16, null=True, unique=True, verbose_name="mobile phone")),
                ("phone_verified_at", models.DateTimeField(blank=True, null=True)),
                ("name", models.CharField(max_length=40, verbose_name="name")),
                ("organisation_kind", models.CharField(max_length=16)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            (assurance.roles.Role["MERCHANT_OWNER"], "Merchant owner"),
                            (assurance.roles.Role["MERCHANT_OPERATOR"], "Merchant operator"),
                            (assurance.roles.Role["WAREHOUSE_OPERATOR"], "Warehouse operator"),
                            (assurance.roles.Role["QC_INSPECTOR"], "QC inspector"),
                            (assurance.roles.Role["QC_LEAD"], "QC lead"),
                            (assurance.roles.Role["LAB_ANALYST"], "Laboratory analyst"),
                            (assurance.roles.Role["LAB_VERIFIER"], "Laboratory verifier"),
                            (assurance.roles.Role["COURIER_AGENT"], "Courier agent"),
                            (assurance.roles.Role["STREAMER"], "Streamer"),
                            (assurance.roles.Role["CASE_AGENT"], "Case agent"),
                            (assurance.roles.Role["CASE_REVIEWER"], "Case reviewer"),
                            (assurance.roles.Role["ENROLMENT_REVIEWER"], "Enrolment reviewer"),
                            (assurance.roles.Role["FINANCE"], "Finance"),
                            (assurance.roles.Role["PLATFORM_ADMIN"], "Platform administrator"),
                            (assurance.roles.Role["AUDITOR"], "Auditor"),
                        ],
                        max_length=24,
                        verbose_name="role",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("zh-hans", "简体中文"), ("en", "English")], default="zh-hans", max_length=8, verbose_name="language"
                    ),
                ),
                ("timezone", models.CharField(default="Asia/Shanghai", max_length=40, verbose_name="time zone")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="people", to="assurance.organisation"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(django.db.models.functions.text.Lower("email"), name="user_email_once"),
                    models.UniqueConstraint(fields=("id", "organisation"), name="user_with_organisation"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    assurance.roles.Role["MERCHANT_OWNER"],
                                    assurance.roles.Role["MERCHANT_OPERATOR"],
                                    assurance.roles.Role["WAREHOUSE_OPERATOR"],
                                    assurance.roles.Role["QC_INSPECTOR"],
                                    assurance.roles.Role["QC_LEAD"],
                                    assurance.roles.Role["LAB_ANALYST"],
                                    assurance.roles.Role["LAB_VERIFIER"],
                                    assurance.roles.Role["COURIER_AGENT"],
                                    assurance.roles.Role["STREAMER"],
                                    assurance.roles.Role["CASE_AGENT"],
                                    assurance.roles.Role["CASE_REVIEWER"],
                                    assurance.roles.Role["ENROLMENT_REVIEWER"],
                                    assurance.roles.Role["FINANCE"],
                                    assurance.roles.Role["PLATFORM_ADMIN"],
                                    assurance.roles.Role["AUDITOR"],
                                ],
                            )
                        ),
                        name="user_role_is_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("language__in", ["zh-hans", "en"])), name="user_language_is_known"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("organisation_kind", assurance.roles.Kind["MERCHANT"]),
                                ("role__in", [assurance.roles.Role["MERCHANT_OPERATOR"], assurance.roles.Role["MERCHANT_OWNER"]]),
                            ),
                            models.Q(
                                ("organisation_kind", assurance.roles.Kind["WAREHOUSE"]),
                                (
                                    "role__in",
                                    [
                                        assurance.roles.Role["QC_INSPECTOR"],
                                        assurance.roles.Role["QC_LEAD"],
                                        assurance.roles.Role["WAREHOUSE_OPERATOR"],
                                    ],
                                ),
                            ),
                            models.Q(
                                ("organisation_kind", assurance.roles.Kind["LAB"]),
                                ("role__in", [assurance.roles.Role["LAB_ANALYST"], assurance.roles.Role["LAB_VERIFIER"]]),
                            ),
                            models.Q(
                                ("organisation_kind", assurance.roles.Kind["COURIER"]),
                                ("role__in", [assurance.roles.Role["COURIER_AGENT"]]),
                            ),
                            models.Q(
                                ("organisation_kind", assurance.roles.Kind["STUDIO"]), ("role__in", [assurance.roles.Role["STREAMER"]])
                            ),
                            models.Q(
                                ("organisation_kind", assurance.roles.Kind["PLATFORM"]),
                                (
                                    "role__in",
                                    [
                                        assurance.roles.Role["AUDITOR"],
                                        assurance.roles.Role["CASE_AGENT"],
                                        assurance.roles.Role["CASE_REVIEWER"],
                                        assurance.roles.Role["ENROLMENT_REVIEWER"],
                                        assurance.roles.Role["FINANCE"],
                                        assurance.roles.Role["PLATFORM_ADMIN"],
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="user_role_fits_organisation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("handler", models.CharField(max_length=96)),
                ("key", models.CharField(max_length=160, unique=True)),
                ("queue", models.CharField(max_length=16)),
                ("payload", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (assurance.events.lifecycle.JobState["NEW"], "waiting"),
                            (assurance.events.lifecycle.JobState["SENT"], "sent"),
                            (assurance.events.lifecycle.JobState["DONE"], "done"),
                            (assurance.events.lifecycle.JobState["PARKED"], "parked"),
                        ],
                        default=assurance.events.lifecycle.JobState["NEW"],
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("last_error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("done_at", models.DateTimeField(blank=True, null=True)),
                (
                    "event",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="jobs", to="assurance.event"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state__in", ["new", "sent"])), fields=["next_at", "id"], name="job_open"),
                    models.Index(condition=models.Q(("state", "parked")), fields=["-id"], name="job_parked"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    assurance.events.lifecycle.JobState["NEW"],
                                    assurance.events.lifecycle.JobState["SENT"],
                                    assurance.events.lifecycle.JobState["DONE"],
                                    assurance.events.lifecycle.JobState["PARKED"],
                                ],
                            )
                        ),
                        name="job_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("state", assurance.events.lifecycle.JobState["DONE"])),
                            models.Q(models.Q(("state", assurance.events.lifecycle.JobState["DONE"]), _negated=True), ("done_at", None)),
                            _connector="OR",
                        ),
                        name="job_done_has_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=64)),
                ("params", models.JSONField(default=dict)),
                ("link", models.CharField(blank=True, max_length=200)),
                ("key", models.CharField(max_length=160)),
                ("created_at", models.DateTimeField()),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("mailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "recipient",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="notices", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["recipient", "-id"], name="notice_of_person"),
                    models.Index(condition=models.Q(("read_at", None)), fields=["recipient"], name="notice_unread"),
                ],
                "constraints": [models.UniqueConstraint(fields=("recipient", "key"), name="notice_once_per_person")],
            },
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(choices=[("confirm", "confirm the e-mail address"), ("join", "join an organisation")], max_length=8),
                ),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="invitations", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("purpose__in", ["confirm", "join"])), name="invitation_purpose_is_known"),
                    models.CheckConstraint(condition=models.Q(("expires_at__gt", models.F("made_at"))), name="invitation_expires_later"),
                    models.CheckConstraint(
                        condition=models.Q(("used_at", None), ("withdrawn_at", None), _connector="OR"), name="invitation_used_or_withdrawn"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("used_at", None), ("withdrawn_at", None)),
                        fields=("user",),
                        name="one_open_invitation_per_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Clearance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject_kind", models.CharField(choices=[("lot", "lot"), ("parcel", "parcel")], max_length=8)),
                ("subject_id", models.BigIntegerField()),
                ("stage", models.CharField(choices=[("inbound", "inbound"), ("outbound", "outbound"), ("return", "return")], max_length=8)),
                ("tranche", models.PositiveIntegerField(default=1)),
                ("verdict", models.CharField(choices=[("released", "released"), ("refused", "refused")], max_length=8)),
                ("because", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("id", "subject_kind", "subject_id", "verdict"), name="clearance_can_be_carried"),
                    models.UniqueConstraint(fields=("subject_kind", "subject_id", "stage", "tranche"), name="clearance_once_per_tranche"),
                    models.CheckConstraint(condition=models.Q(("subject_kind__in", ["lot", "parcel"])), name="clearance_subject_is_known"),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", ["inbound", "outbound", "return"])), name="clearance_stage_is_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("verdict__in", ["released", "refused"])), name="clearance_verdict_is_known"),
                    models.CheckConstraint(condition=models.Q(("because", ""), _negated=True), name="clearance_has_a_reason"),
                    models.CheckConstraint(condition=models.Q(("tranche__gte", 1)), name="clearance_tranche_counts_from_one"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("digest", models.BinaryField(max_length=32)),
                ("scopes", django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None)),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="assurance.apikey",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="api_keys", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("expires_at__gt", models.F("created_at"))), name="api_key_expires_later"),
                    models.CheckConstraint(condition=models.Q(("scopes", []), _negated=True), name="api_key_has_a_scope"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name="session key")),
                ("session_data", models.TextField(verbose_name="session data")),
                ("expire_date", models.DateTimeField(db_index=True, verbose_name="expire date")),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("place", models.CharField(blank=True, max_length=45)),
                ("agent", models.CharField(blank=True, max_length=200)),
                (
                    "user",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(condition=models.Q(("user__isnull", False)), fields=["user"], name="session_of_user")],
            },
        ),
        migrations.CreateModel(
            name="Stop",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("product_id", models.BigIntegerField(null=True)),
                ("lot_id", models.BigIntegerField(null=True)),
                ("code", models.CharField(max_length=48)),
                ("because", models.TextField()),
                ("opened_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("lifted_at", models.DateTimeField(null=True)),
                ("lift_reason", models.TextField(blank=True)),
                (
                    "lifted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "warehouse",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("lifted_at", None)), fields=["merchant", "product_id", "lot_id"], name="stop_open")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at", None)),
                        fields=("merchant", "product_id", "warehouse", "lot_id", "code"),
                        name="stop_open_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("code", ""), _negated=True), models.Q(("because", ""), _negated=True)),
                        name="stop_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gt", models.F("opened_at")), _connector="OR"),
                        name="stop_ends_after_it_begins",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lift_reason", ""), ("lifted_at", None), ("lifted_by", None)),
                            models.Q(("lifted_at__isnull", False), models.Q(("lift_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="stop_lifted_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lifted_at", None), ("lifted_at__gte", models.F("opened_at")), _connector="OR"),
                        name="stop_lifted_after_it_began",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uploaded_at", models.DateTimeField()),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("media_type", models.CharField(max_length=32)),
                ("shown_name", models.CharField(max_length=120, verbose_name="file name")),
                ("width", models.PositiveIntegerField(blank=True, null=True)),
                ("height", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("media_type__in", ("image/jpeg", "image/png", "image/webp", "application/pdf", "text/csv"))),
                        name="file_media_type_is_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="file_is_not_empty"),
                    models.CheckConstraint(condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="file_sha256_is_hex"),
                    models.UniqueConstraint(fields=("organisation", "sha256"), name="file_once_per_organisation"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Product",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sku", models.CharField(max_length=40, verbose_name="SKU")),
                ("name", models.CharField(max_length=80, verbose_name="product name")),
                ("name_en", models.CharField(blank=True, max_length=120, verbose_name="English name")),
                ("gtin", models.CharField(blank=True, max_length=14, verbose_name="GTIN")),
                ("no_gtin_reason", models.CharField(blank=True, max_length=120, verbose_name="why there is no GTIN")),
                ("specification", models.CharField(blank=True, max_length=60, verbose_name="specification")),
                ("attributes", models.JSONField(blank=True, default=dict, verbose_name="attributes")),
                ("shelf_life_days", models.PositiveIntegerField(blank=True, null=True, verbose_name="shelf life in days")),
                ("net_weight_g", models.PositiveIntegerField(blank=True, null=True, verbose_name="net weight in grams")),
                ("price", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="price")),
                ("cost", models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="unit cost")),
                (
                    "commission_rate",
                    models.DecimalField(blank=True, decimal_places=6, max_digits=12, null=True, verbose_name="commission rate"),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("updated_at", models.DateTimeField()),
                ("category", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.category")),
                (
                    "created_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["merchant", "-id"], name="product_of_merchant")],
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "sku"), name="product_sku_once_per_merchant"),
                    models.UniqueConstraint(fields=("id", "merchant"), name="product_with_merchant"),
                    models.CheckConstraint(condition=models.Q(("price__gt", 0)), name="product_price_is_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("cost", None), ("cost__gte", 0), _connector="OR"), name="product_cost_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("commission_rate", None), models.Q(("commission_rate__gte", 0), ("commission_rate__lte", 1)), _connector="OR"
                        ),
                        name="product_commission_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gtin", ""), ("gtin__regex", "^([0-9]{8}|[0-9]{12,14})$"), _connector="OR"),
                        name="product_gtin_is_digits",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=48)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (assurance.runs.lifecycle.RunState["WAITING"], "Waiting"),
                            (assurance.runs.lifecycle.RunState["RUNNING"], "Running"),
                            (assurance.runs.lifecycle.RunState["DONE"], "Done"),
                            (assurance.runs.lifecycle.RunState["FAILED"], "Failed"),
                            (assurance.runs.lifecycle.RunState["CANCELLED"], "Cancelled"),
                        ],
                        default=assurance.runs.lifecycle.RunState["WAITING"],
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("total", models.PositiveIntegerField(blank=True, null=True)),
                ("done", models.PositiveIntegerField(default=0)),
                ("errors", models.PositiveIntegerField(default=0)),
                ("cancel_asked_at", models.DateTimeField(blank=True, null=True)),
                ("given", models.JSONField(default=dict)),
                ("failure", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField()),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                (
                    "started_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "result",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.storedfile"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "-id"], name="run_of_organisation")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    assurance.runs.lifecycle.RunState["WAITING"],
                                    assurance.runs.lifecycle.RunState["RUNNING"],
                                    assurance.runs.lifecycle.RunState["DONE"],
                                    assurance.runs.lifecycle.RunState["FAILED"],
                                    assurance.runs.lifecycle.RunState["CANCELLED"],
                                ],
                            )
                        ),
                        name="run_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total", None), ("done__lte", models.F("total")), _connector="OR"), name="run_done_within_total"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            (assurance.enrollment.lifecycle.EnrolmentState["DRAFT"], "Draft"),
                            (assurance.enrollment.lifecycle.EnrolmentState["SUBMITTED"], "Submitted"),
                            (assurance.enrollment.lifecycle.EnrolmentState["NEEDS_CHANGES"], "Needs changes"),
                            (assurance.enrollment.lifecycle.EnrolmentState["APPROVED"], "Approved"),
                            (assurance.enrollment.lifecycle.EnrolmentState["REJECTED"], "Rejected"),
                            (assurance.enrollment.lifecycle.EnrolmentState["WITHDRAWN"], "Withdrawn"),
                            (assurance.enrollment.lifecycle.EnrolmentState["EXPIRED"], "Expired"),
                        ],
                        default=assurance.enrollment.lifecycle.EnrolmentState["DRAFT"],
                        max_length=16,
                        verbose_name="state",
                    ),
                ),
                ("snapshot", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(blank=True, null=True)),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("claimed_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("valid_until", models.DateTimeField(blank=True, null=True)),
                (
                    "claimed_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("state", "submitted")), fields=["due_at", "id"], name="enrolment_queue"),
                    models.Index(fields=["merchant", "-id"], name="enrolment_of_merchant"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    assurance.enrollment.lifecycle.EnrolmentState["DRAFT"],
                                    assurance.enrollment.lifecycle.EnrolmentState["SUBMITTED"],
                                    assurance.enrollment.lifecycle.EnrolmentState["NEEDS_CHANGES"],
                                    assurance.enrollment.lifecycle.EnrolmentState["APPROVED"],
                                    assurance.enrollment.lifecycle.EnrolmentState["REJECTED"],
                                    assurance.enrollment.lifecycle.EnrolmentState["WITHDRAWN"],
                                    assurance.enrollment.lifecycle.EnrolmentState["EXPIRED"],
                                ],
                            )
                        ),
                        name="enrolment_state_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    assurance.enrollment.lifecycle.EnrolmentState["APPROVED"],
                                    assurance.enrollment.lifecycle.EnrolmentState["DRAFT"],
                                    assurance.enrollment.lifecycle.EnrolmentState["NEEDS_CHANGES"],
                                    assurance.enrollment.lifecycle.EnrolmentState["SUBMITTED"],
                                ],
                            )
                        ),
                        fields=("product",),
                        name="enrolment_one_open_per_product",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", assurance.enrollment.lifecycle.EnrolmentState["APPROVED"]), _negated=True),
                            models.Q(("decided_at__isnull", False), ("decided_by__isnull", False), ("valid_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="enrolment_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("decided_by", None), models.Q(("decided_by", models.F("submitted_by")), _negated=True), _connector="OR"
                        ),
                        name="enrolment_not_decided_by_its_submitter",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RunPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("text", models.TextField()),
                (
                    "organisation",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                ("run", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="parts", to="assurance.run")),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("run", "number"), name="run_part_once")],
            },
        ),
        migrations.CreateModel(
            name="Badge",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=24, unique=True, verbose_name="badge code")),
                ("lot_id", models.BigIntegerField(unique=True)),
                ("lot_number", models.CharField(max_length=40)),
                ("produced_date", models.DateField(blank=True, null=True)),
                ("expiry_date", models.DateField(blank=True, null=True)),
                ("received", models.PositiveIntegerField()),
                ("inspected", models.PositiveIntegerField()),
                ("defective", models.PositiveIntegerField()),
                ("inspected_at", models.DateTimeField()),
                ("issued_at", models.DateTimeField()),
                ("valid_until", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_reason", models.CharField(blank=True, max_length=200)),
                ("clearance", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.clearance")),
                ("enrolment", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.enrolment")),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
                (
                    "warehouse",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
                ),
                ("product", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.product")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("valid_until__gt", models.F("issued_at"))), name="badge_ends_later"),
                    models.CheckConstraint(
                        condition=models.Q(("defective__lte", models.F("inspected"))), name="badge_defective_within_inspected"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("field", models.CharField(max_length=40)),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("missing", "Missing"),
                            ("unreadable", "Cannot be read"),
                            ("contradiction", "Contradicts another statement"),
                            ("not_proven", "Not proven"),
                            ("forbidden", "Not allowed here"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                    ),
                ),
                ("words", models.CharField(max_length=300)),
                ("given_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "enrolment",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="reasons", to="assurance.enrolment"),
                ),
                ("given_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("merchant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__in", ["contradiction", "forbidden", "missing", "not_proven", "other", "unreadable"])),
                        name="review_reason_is_known",
                    )
                ],
            },
        ),
    ]
