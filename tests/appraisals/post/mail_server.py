"""A mail server without a network: it keeps what it is given, and answers as the test says."""

from collections import Counter
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

BACKEND = "tests.appraisals.post.mail_server.Backend"


class Server:
    def __init__(self) -> None:
        self.kept: list[EmailMultiAlternatives] = []
        self.connections = 0
        self.answers: dict[str, Exception] = {}
        self.closed: Exception | None = None
        self.next_answers: list[Exception | None] = []

    def ids(self) -> Counter[str]:
        return Counter(message.extra_headers["Message-ID"] for message in self.kept)

    def addresses(self) -> list[str]:
        return [message.to[0] for message in self.kept]


server = Server()


class Backend(BaseEmailBackend):
    def open(self) -> bool:
        if server.closed:
            raise server.closed
        server.connections += 1
        return True

    def send_messages(self, messages: Any) -> int:
        for message in messages:
            # As the real one does: bad addresses and headers are found here.
            message.message()
            answer = server.next_answers.pop(0) if server.next_answers else None
            answer = answer or server.answers.get(message.to[0])
            if answer:
                raise answer
            server.kept.append(message)
        return len(messages)
