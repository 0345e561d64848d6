"""The admin of reference data, and look-ups of what the portal's own pages write."""

from programs.admin import lookups, network, reference

__all__ = ["lookups", "network", "reference"]
