"""What saved replies refuse, each with its stable code."""

from __future__ import annotations

from flask_babel import lazy_gettext

from ....foundation.errors import Refusal


class ReplyTitleTaken(Refusal):
    """The facility keeps a reply of this title already."""

    code = "reply_title_taken"
    status = 409
    message = lazy_gettext("There is a saved reply with this title. Choose another one.")

    def __init__(self) -> None:
        super().__init__(fields={"title": self.message})
