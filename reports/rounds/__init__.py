"""Who has reported: rounds in which the Department asks its offices for their figures, and what is still missing."""
