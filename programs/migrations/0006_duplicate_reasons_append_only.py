from django.db import migrations

from khuyencong.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("programs", "0005_equipment")]

    operations = [append_only("programs_duplicatereason")]
