"""The admin of reference data, and look-ups of what the portal's own pages write."""

from programs.admin import deadline, lookups, network, reference

__all__ = ["deadline", "lookups", "network", "reference"]
