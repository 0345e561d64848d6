from django.urls import path

from khuyencong.importing.views import apply, batch, files, mapping, row

app_name = "importing"

urlpatterns = [
    path("", batch.batch_list, name="batch-list"),
    path("moi/", batch.batch_create, name="batch-create"),
    path("mau/<slug:import_kind>/", files.template_download, name="template-download"),
    path("xuat/<slug:import_kind>/", files.rows_export, name="rows-export"),
    path("<int:pk>/", batch.batch_detail, name="batch-detail"),
    path("<int:pk>/doc-lai/", batch.batch_read, name="batch-read"),
    path("<int:pk>/ghep-cot/", mapping.batch_map, name="batch-map"),
    path("<int:pk>/chon-bang/", mapping.batch_table, name="batch-table"),
    path("<int:pk>/kiem-tra-lai/", mapping.batch_recheck, name="batch-recheck"),
    path("<int:pk>/dong/<int:number>/", row.row_edit, name="row-edit"),
    path("<int:pk>/tep-loi/", files.errors_download, name="errors-download"),
    path("<int:pk>/ghi/", apply.batch_apply, name="batch-apply"),
    path("<int:pk>/hoan-lai/", apply.batch_undo, name="batch-undo"),
]
