"""What a letter is made of, in one language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Template:
    """`{name}` and the like in the texts stand for facts. `action` is what the link of the letter is called; the link
    comes after the first paragraph."""

    subject: str
    paragraphs: tuple[str, ...]
    action: str = ""
