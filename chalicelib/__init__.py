"""Vulpes: the Kitsu API over DynamoDB, by AWS Chalice."""

from chalicelib import late_imports

late_imports.install()
