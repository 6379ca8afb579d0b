"""What a packed piece weighs and measures, and who made a row up."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assurance", "0010_submitted_under_an_agreement")]

    operations = [
        migrations.AddField(
            "product", "gross_weight_g", models.PositiveIntegerField(blank=True, null=True, verbose_name="packed weight in grams")
        ),
        migrations.AddField("product", "length_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="packed length in mm")),
        migrations.AddField("product", "width_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="packed width in mm")),
        migrations.AddField("product", "height_mm", models.PositiveIntegerField(blank=True, null=True, verbose_name="packed height in mm")),
        migrations.AddField(
            "product", "source", models.CharField(blank=True, editable=False, max_length=16, default=""), preserve_default=False
        ),
    ]
