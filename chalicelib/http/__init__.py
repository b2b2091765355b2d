"""What a request goes through: matching, access, decoding, the handler, answering. Knows no domain and no store."""
