"""The ways in which a step can be refused; the web shows each as a page in words."""


class Fault(Exception):
    """A step that was refused; nothing of it was kept."""

    status = 500

    def __init__(self, why: object = "") -> None:
        super().__init__(why)
        self.why = why


class NotFound(Fault):
    """It does not exist, or is not theirs: the two are never told apart."""

    status = 404


class Forbidden(Fault):
    """The page is for another role."""

    status = 403


class NotSignedIn(Fault):
    """The page is for people who have signed in."""

    status = 401


class Refused(Fault):
    """The rules don't allow this step now; `why` says it to the person."""

    status = 409


class Stale(Fault):
    """Somebody saved it in between."""

    status = 409


class BadRequest(Fault):
    """What was sent can't be read."""

    status = 400


class TooLarge(Fault):
    """More was sent than the page takes."""

    status = 413


class TooMany(Fault):
    """Too many tries; `after` is how many seconds to wait."""

    status = 429

    def __init__(self, why: object = "", after: int = 60) -> None:
        super().__init__(why)
        self.after = after


class Busy(Fault):
    """The database or a pool can't take more just now."""

    status = 503
