"""Rows of a file, wherever it comes from: planned one by one, then told of or carried out."""
