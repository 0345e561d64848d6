"""Figures → SVG: geometry only, pure Python. What a chart says also stands in the table that it is drawn from."""
