from django.db import migrations

from khuyencong.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("funding", "0001_initial")]

    operations = [append_only("funding_ledgerentry"), append_only("funding_budgetentry")]
