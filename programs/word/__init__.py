"""Documents for signature: templates laid out as Nghị định 30/2020/NĐ-CP asks, filled from the database."""
