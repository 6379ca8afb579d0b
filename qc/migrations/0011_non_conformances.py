"""What failed at any stage, not only before sending; what is decided on it and what moves for it."""

import django.db.models.deletion
from django.db import migrations, models

# what stood here before were parcels that failed their check
FILL = """
UPDATE qc_nonconformance n SET source_id = n.failed_check_id, owner_id = n.warehouse_id, due_at = n.opened_at + interval '1 day',
       because = jsonb_build_object('message', c.because -> 'message', 'params', c.because -> 'params')
  FROM qc_outboundcheck c WHERE c.id = n.failed_check_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0037_evidence_of_product_alone"),
        ("qc", "0010_point_guards"),
        ("warehouse", "0007_return_guards"),
    ]

    operations = [
        migrations.RemoveConstraint("nonconformance", "non_conformance_one_open_per_parcel"),
        migrations.RemoveIndex("nonconformance", "non_conformance_to_put_right"),
        migrations.AddField("nonconformance", "stage", models.CharField(max_length=8, default="outbound"), preserve_default=False),
        migrations.AddField("nonconformance", "source_id", models.BigIntegerField(null=True)),
        migrations.AddField("nonconformance", "severity", models.CharField(max_length=8, default="major"), preserve_default=False),
        migrations.AddField("nonconformance", "defects", models.JSONField(default=list)),
        migrations.AddField("nonconformance", "because", models.JSONField(default=dict)),
        migrations.AddField("nonconformance", "quantity", models.PositiveIntegerField(default=1), preserve_default=False),
        migrations.AddField("nonconformance", "due_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "nonconformance",
            "owner",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
        migrations.RunSQL([FILL], migrations.RunSQL.noop),
        migrations.AlterField("nonconformance", "source_id", models.BigIntegerField()),
        migrations.AlterField("nonconformance", "due_at", models.DateTimeField()),
        migrations.AlterField(
            "nonconformance",
            "owner",
            models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="assurance.organisation"),
        ),
    ]
