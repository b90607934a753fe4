"""A mail server that keeps what it is given, and fails in every way a mail server fails."""

import asyncio
from collections import Counter
from email import message_from_bytes
from email.message import Message
from enum import Enum, auto
from threading import Lock

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.faults.servers import free_port


class Mood(Enum):
    GOOD = auto()
    # A reply that says "later" or "never".
    BUSY = auto()
    REFUSES = auto()
    # It takes its time, within what the sender waits.
    SLOW = auto()
    # The connection is lost after the text came in: kept or not, the sender cannot know.
    LOSES_IT = auto()
    KEEPS_IT_AND_DROPS = auto()
    # Kept, answered, and then the connection is lost.
    ANSWERS_AND_DROPS = auto()


REPLIES = {
    Mood.BUSY: "451 4.3.0 Try again later",
    Mood.REFUSES: "550 5.7.1 Not wanted here",
}
SLOWNESS = 0.2


class Conversation(SMTP):
    """One connection of a sender."""

    hang_up = False

    async def push(self, status: str | bytes) -> None:
        await super().push(status)
        if self.hang_up and self.transport:
            self.transport.close()


class Sink:
    """`delivered` counts each Message-ID. `moods` is what the next letters meet, then `mood`."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mood = Mood.GOOD
        self.moods: list[Mood] = []
        self.tried = 0
        self.letters: list[Message] = []
        self.delivered: Counter[str] = Counter()
        self._lock = Lock()
        self._controller: Controller | None = None

    def open(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.factory = lambda: Conversation(  # type: ignore[method-assign]
            self, hostname="sink", loop=asyncio.get_running_loop()
        )
        self._controller.start()

    def shut(self) -> None:
        """Nobody listens any more: whoever connects is refused."""
        if self._controller:
            self._controller.stop()
        self._controller = None

    def forget(self) -> None:
        with self._lock:
            self.tried, self.letters = 0, []
            self.delivered.clear()

    def addresses(self) -> Counter[str]:
        return Counter(str(letter["To"]) for letter in self.letters)

    async def handle_DATA(  # noqa: N802
        self, server: Conversation, session: Session, envelope: Envelope
    ) -> str:
        with self._lock:
            self.tried += 1
            mood = self.moods.pop(0) if self.moods else self.mood
        if mood in REPLIES:
            return REPLIES[mood]
        if mood is Mood.SLOW:
            await asyncio.sleep(SLOWNESS)
        if mood is not Mood.LOSES_IT:
            self._keep(envelope)
        if mood in {Mood.LOSES_IT, Mood.KEEPS_IT_AND_DROPS}:
            assert server.transport
            server.transport.abort()
        server.hang_up = mood is Mood.ANSWERS_AND_DROPS
        return "250 2.0.0 Kept"

    def _keep(self, envelope: Envelope) -> None:
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content)
        with self._lock:
            self.letters.append(letter)
            self.delivered[str(letter["Message-ID"])] += 1
