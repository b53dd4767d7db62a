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
    """GCS has it, this store has not."""
    return Refusal(
        501, "notImplemented", f"This store has no {what}. See infra.store for the list."
    )


def bad_request(message: str) -> Refusal:
    return Refusal(400, "badRequest", message)
