"""How far a command has come, on a terminal and in a log."""

import io

from infra.migrate.progress import Progress


class Terminal(io.StringIO):
    """A stream that somebody looks at."""

    def isatty(self) -> bool:
        return True


def test_a_log_has_a_line_a_step() -> None:
    output = io.StringIO()
    with Progress(output).step("task", 1200) as step:
        step.advance(1000)
        step.advance(200)
    assert output.getvalue().split() == ["task", "1,200", "of", "1,200"]
    assert output.getvalue().endswith("\n")


def test_a_terminal_has_a_bar() -> None:
    output = Terminal()
    with Progress(output).step("task", 10) as step:
        step.advance(5)
    assert output.getvalue().endswith(f"[{'#' * 15}{'.' * 15}] 5 of 10\n")


def test_what_nobody_counted_has_no_end() -> None:
    output = io.StringIO()
    with Progress(output).step("comment") as step:
        step.advance(3)
    assert output.getvalue().split() == ["comment", "3"]
