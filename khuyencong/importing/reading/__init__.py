"""Reading the Excel files that other people made. No page, no database (but for the list of places).

    read_book (book) → find_header (header) → match_columns (matching) → understand_rows (table)

`book` reads the file in a child process with limits, `header` finds the table in the sheet, `matching` proposes what
each column is, `table` turns rows into values, problems and notes, with `values` for a cell and `places` for a place.
"""
