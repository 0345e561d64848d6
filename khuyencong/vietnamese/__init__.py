"""Vietnamese text, money, dates and codes in pure Python: nothing here imports Django."""
