from django.db import migrations

from khuyencong.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("funding", "0003_after_approval")]

    operations = [append_only("funding_amendedline"), append_only("funding_carryover")]
