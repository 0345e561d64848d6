"""What this room takes from files: every đồng by the rules of the forms."""


def register() -> None:
    """Called once, when the app starts: models are ready then."""
    from funding.imports.ledger import LedgerKindOfImport
    from khuyencong.importing.kinds import register as add

    add(LedgerKindOfImport())
