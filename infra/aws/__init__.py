"""What Chalice does not make on AWS, and how the whole is packaged and deployed (docs/operations.md)."""
