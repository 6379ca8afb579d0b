from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assurance", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="IdempotencyKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("principal", models.CharField(max_length=48)),
                ("key", models.CharField(max_length=255)),
                ("request_hash", models.BinaryField(max_length=32)),
                ("status", models.PositiveSmallIntegerField()),
                ("content_type", models.CharField(blank=True, max_length=80)),
                ("location", models.TextField(blank=True)),
                ("body", models.BinaryField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["created_at"], name="idempotency_key_by_age")],
                "constraints": [
                    models.UniqueConstraint(fields=("principal", "key"), name="idempotency_key_once_per_principal"),
                    models.CheckConstraint(condition=models.Q(("status__range", (200, 299))), name="idempotency_only_success_is_kept"),
                ],
            },
        ),
    ]
