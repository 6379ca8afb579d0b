"""What is on hold may be released by a disposition; why goods move then."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assurance", "0038_disposition_stage"),
        ("warehouse", "0014_wave_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="stockmove",
            name="move_follows_custody",
        ),
        migrations.AlterField(
            model_name="stockmove",
            name="because",
            field=models.CharField(
                choices=[
                    ("received", "Received"),
                    ("accepted", "Inspection accepted"),
                    ("rejected", "Inspection not accepted"),
                    ("stopped", "Inspection accepted, but a stop is open"),
                    ("shipped", "Handed over to the courier"),
                    ("came_back", "Came back from the customer"),
                    ("sampled", "Drawn for the laboratory"),
                    ("restocked", "Return inspection: as new"),
                    ("put_aside", "Put aside"),
                    ("sent_back", "Sent back to the merchant"),
                    ("destroyed", "Destroyed"),
                    ("sorted_good", "Sorted: in order"),
                    ("resubmitted", "Reworked: inspected again"),
                    ("used_as_is", "Used as it is, by concession"),
                    ("downgraded", "Downgraded: back to the merchant"),
                ],
                max_length=24,
            ),
        ),
        migrations.AddConstraint(
            model_name="stockmove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("source", "arrival"), ("target__in", ["pending"])),
                    models.Q(("source", "pending"), ("target__in", ["held", "released", "sampled"])),
                    models.Q(("source", "released"), ("target__in", ["held", "sampled", "shipped"])),
                    models.Q(("source", "held"), ("target__in", ["destroyed", "pending", "released", "returned", "sampled"])),
                    models.Q(("source", "sampled"), ("target__in", ["destroyed"])),
                    models.Q(("source", "shipped"), ("target__in", ["pending"])),
                    _connector="OR",
                ),
                name="move_follows_custody",
            ),
        ),
    ]
