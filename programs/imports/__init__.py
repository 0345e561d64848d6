"""The registers of this room as kinds of data that a file may hold."""


def register() -> None:
    """Called once, when the app starts: models are ready then."""
    from khuyencong.importing.kinds import register as add
    from programs.imports.beneficiary import BeneficiaryKindOfImport
    from programs.imports.craft_village import CraftVillageKindOfImport
    from programs.imports.product import ProductKindOfImport

    add(BeneficiaryKindOfImport())
    add(CraftVillageKindOfImport())
    add(ProductKindOfImport())
