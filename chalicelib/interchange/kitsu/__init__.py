"""Imports from another Kitsu, under the ids that records have there (docs/contract/interchange.md section 4)."""
