"""Imports from ShotGrid, their removals and errors (docs/contract/interchange.md section 5)."""
