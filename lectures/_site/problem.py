"""The one error that stops the build: a fact, its place and a remedy."""

import click


class PageProblem(click.ClickException):
    """Something that the author of a page has to put right."""

    def __init__(self, place: str, fact: str, remedy: str, detail: str = "") -> None:
        """`place` is a page and a line; `detail`, if any, is shown below, as it is."""
        tail = f"\n\n{detail.rstrip()}\n" if detail else ""
        super().__init__(f"{place}: {fact} {remedy}{tail}")

    def format_message(self) -> str:
        """Say it once: the generator has logged the message already when click shows this."""
        return "The site was not built, for the reason given above."
