"""The web interface beside the API: the files that are served, and what is added to its page."""
