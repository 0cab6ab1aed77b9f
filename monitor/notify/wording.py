"""In whose words a receiver is told: a language, and maybe a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from monitor.notify.telling import Letter, letter

if TYPE_CHECKING:
    from monitor.domain.message import Message


class Own(NamedTuple):
    """What a template made of a message; None where it has nothing to say about that part."""

    title: str | None = None
    body: str | None = None


class Template(Protocol):
    """What writes a receiver's own words; `monitor.notify.templates` has it."""

    def render(self, message: Message, letter: Letter) -> Own:
        """The receiver's words for a message that was put into the built-in ones.

        Raises:
            ValueError: the template failed.
        """
        ...


class Wording(NamedTuple):
    """How a receiver is spoken to."""

    language: str = "en"
    template: Template | None = None

    def letter(self, message: Message) -> tuple[Letter, Own]:
        """The message in words, and the receiver's own words for it.

        Raises:
            ValueError: the template failed.
        """
        said = letter(message, self.language)
        if self.template is None:
            return said, Own()
        own = self.template.render(message, said)
        title = None if own.title is None else " ".join(own.title.split())
        return (said if not title else said._replace(title=title)), own
