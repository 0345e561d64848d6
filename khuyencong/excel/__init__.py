"""The one machine behind every export: a table is defined once and drawn as a page and as a workbook."""
