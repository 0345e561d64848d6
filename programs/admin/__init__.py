"""The admin of reference data, and look-ups of what the portal's own pages write."""

from programs.admin import council, deadline, dossier, duplicate, lookups, network, reference

__all__ = ["council", "deadline", "dossier", "duplicate", "lookups", "network", "reference"]
