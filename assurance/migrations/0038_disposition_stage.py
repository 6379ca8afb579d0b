"""A lot is cleared by a disposition, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0037_evidence_of_product_alone"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="clearance",
            name="clearance_stage_is_known",
        ),
        migrations.AlterField(
            model_name="clearance",
            name="stage",
            field=models.CharField(
                choices=[("inbound", "inbound"), ("outbound", "outbound"), ("return", "return"), ("disposition", "disposition")],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="clearance",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["inbound", "outbound", "return", "disposition"])), name="clearance_stage_is_known"
            ),
        ),
    ]
