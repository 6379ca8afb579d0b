"""A draft of a category's rules may say how long a lost ground is warned of."""

from django.db import migrations

from assurance.database import AlsoChanging


class Migration(migrations.Migration):
    dependencies = [("assurance", "0035_badge_warning_days")]

    operations = [AlsoChanging("assurance_categoryversion", "badge_warning_days")]
