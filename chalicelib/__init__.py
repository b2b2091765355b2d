"""Vulpes: the Kitsu API over DynamoDB, by AWS Chalice."""
