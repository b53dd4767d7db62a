"""What the store says when it does not do what it was asked."""

from typing import Any


class Refusal(Exception):
    """An answer that is an error: the HTTP status, GCS's word for the reason, and a sentence."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(message)
        self.status, self.reason, self.message = status, reason, message

    def body(self) -> dict[str, Any]:
        """The error as GCS words it in JSON."""
        one = {"domain": "global", "reason": self.reason, "message": self.message}
        return {"error": {"code": self.status, "message": self.message, "errors": [one]}}


def not_there(what: str) -> Refusal:
    """GCS has it, this store has not. (gcsfs asks again after a 501, for a minute, unless the word
    "invalid" stands in the message; the other clients give up at once.)"""
    return Refusal(
        501, "notImplemented", f"invalid here: this store has no {what}. infra.store has the list."
    )


def bad_request(message: str) -> Refusal:
    return Refusal(400, "badRequest", message)
