"""The leaders' page: a year and an area at a glance, each chart drawn from a table that equals the forms."""
