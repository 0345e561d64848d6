"""Addresses of the registers: establishments, craft villages, products, programmes."""

from django.urls import path

from programs.views import beneficiary, craft_village, evaluation_due, product, programme

beneficiary_urls = [
    path("co-so/", beneficiary.beneficiary_list, name="beneficiary-list"),
    path("co-so/tai-xuong/", beneficiary.beneficiary_export, name="beneficiary-export"),
    path("co-so/chua-danh-gia/", evaluation_due.evaluation_due_list, name="evaluation-due-list"),
    path("co-so/chua-danh-gia/xuat-excel/", evaluation_due.evaluation_due_export, name="evaluation-due-export"),
    path("co-so/moi/", beneficiary.beneficiary_create, name="beneficiary-create"),
    path("co-so/<int:pk>/", beneficiary.beneficiary_detail, name="beneficiary-detail"),
    path("co-so/<int:pk>/sua/", beneficiary.beneficiary_edit, name="beneficiary-edit"),
]

craft_village_urls = [
    path("lang-nghe/", craft_village.craft_village_list, name="craft-village-list"),
    path("lang-nghe/moi/", craft_village.craft_village_create, name="craft-village-create"),
    path("lang-nghe/<int:pk>/", craft_village.craft_village_detail, name="craft-village-detail"),
    path("lang-nghe/<int:pk>/sua/", craft_village.craft_village_edit, name="craft-village-edit"),
    path("lang-nghe/<int:pk>/quyet-dinh/", craft_village.craft_village_event_add, name="craft-village-event-add"),
    path("lang-nghe/<int:pk>/so-lieu/", craft_village.craft_village_year_add, name="craft-village-year-add"),
]

product_urls = [
    path("san-pham/", product.product_list, name="product-list"),
    path("san-pham/moi/", product.product_create, name="product-create"),
    path("san-pham/<int:pk>/", product.product_detail, name="product-detail"),
    path("san-pham/<int:pk>/sua/", product.product_edit, name="product-edit"),
    path("san-pham/<int:pk>/binh-chon/", product.product_award_add, name="product-award-add"),
]

programme_urls = [
    path("chuong-trinh/", programme.programme_list, name="programme-list"),
    path("chuong-trinh/<int:pk>/", programme.programme_detail, name="programme-detail"),
]

urlpatterns = beneficiary_urls + craft_village_urls + product_urls + programme_urls
