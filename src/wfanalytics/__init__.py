"""Workforce and caseload analytics for English children's services."""

from __future__ import annotations

__version__ = "0.1.0"
