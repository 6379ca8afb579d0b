"""Draws a piece of template and reads what a reader sees."""

from django.template import Context, Template


def written(source: str, **context: object) -> str:
    return Template(source).render(Context(context)).strip()


def text_of(html: str) -> str:
    """Return the words a reader sees."""
    return " ".join("".join(part.split(">", 1)[-1] for part in html.split("<")).split())
