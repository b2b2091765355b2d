"""What a letter is made of, in one language."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Template:
    """`{name}` and the like in the texts stand for facts.

    After the first paragraph comes what the letter is about: a `figure` to be read off (a code), the words somebody
    wrote (the fact `quote`), the link, which is called `action`.
    """

    subject: str
    paragraphs: tuple[str, ...]
    action: str = ""
    figure: str = ""
