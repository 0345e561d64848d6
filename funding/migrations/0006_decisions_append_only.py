from django.db import migrations

from khuyencong.audit.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("funding", "0005_decisions_and_years")]

    operations = [
        append_only("funding_normcheck"),
        append_only("funding_advancecheck"),
        append_only("funding_settlementline"),
        append_only("funding_budgetyearevent"),
    ]
