"""What the local stack tells a person when it cannot start."""


class StartProblem(Exception):
    """The stack cannot start; the message says why and what to do, in plain words."""
