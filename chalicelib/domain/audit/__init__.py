"""The audit: who changed which field of which record, from what to what, and when (docs/adr/0016-audit.md)."""
