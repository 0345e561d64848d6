from django.db import migrations

from khuyencong.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("programs", "0003_life_cycle")]

    operations = [append_only("programs_amendment")]
