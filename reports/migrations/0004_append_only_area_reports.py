from django.db import migrations

from khuyencong.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_reporting_rounds")]

    operations = [append_only("reports_areareport")]
