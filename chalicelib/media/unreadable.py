"""What is raised for a file that is not what its name says."""


class Unreadable(Exception):
    """The file cannot be decoded, and trying again would not help; the message says why, for people."""
