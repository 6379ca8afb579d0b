"""Which sides of a seal are proven stands on the badge, so that lists need not ask the evidence."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assurance", "0014_fee_guards")]

    operations = [
        migrations.AddField(model_name="badge", name="sides", field=models.CharField(default="1000", max_length=4)),
        migrations.AddConstraint(
            model_name="badge",
            constraint=models.CheckConstraint(condition=models.Q(("sides__regex", "^[01]{4}$")), name="badge_has_four_sides"),
        ),
    ]
