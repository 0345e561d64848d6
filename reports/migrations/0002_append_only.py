from django.db import migrations

from khuyencong.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_locked_reports")]

    operations = [append_only("reports_lockedreport"), append_only("reports_reportunlock")]
