"""Two windows saved different answers: one page shows both, keeps what was typed last, and lets the person choose."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from litestar import Request, Response

from internships.web.body import already_read
from internships.web.pages import instead

Options = Callable[[str, str], Sequence[tuple[str, object]]]
"""From the answer that stands and the one that was sent: what can be chosen, as radios take it."""
NEVER_SHOWN = frozenset({"csrf", "once", "version"})


def show_both(
    request: Request[Any, Any, Any],
    saved: Mapping[str, str],
    *,
    version: object,
    here: str,
    labels: Mapping[str, object],
    long: Collection[str] = (),
    options: Mapping[str, Options] | None = None,
    left_out: Collection[str] = (),
) -> Response[str]:
    """What is saved beside what was sent, for the answers that differ; the others go along unseen.

    Args:
        here: where the form is sent, and where the page is that shows what is saved.
        long: answers that are typed on several lines.
    """
    choices = options or {}
    sent = {
        name: values[0]
        for name, values in already_read(request).items()
        if name not in NEVER_SHOWN and name not in left_out
    }
    rows = []
    for name in (name for name, stands in saved.items() if stands != sent.get(name, "")):
        mine, theirs = sent.get(name, ""), saved[name]
        offered = [(str(value), words) for value, words in choices[name](theirs, mine)] if name in choices else []
        said = dict(offered).get(theirs, theirs)
        rows.append(
            {
                "name": name, "label": labels[name], "mine": mine, "theirs": said, "long": name in long,
                "options": offered,
            }
        )  # fmt: skip
    kept = [(name, value) for name, value in sent.items() if name not in {row["name"] for row in rows}]
    return instead(
        request,
        "errors/conflict.html",
        status=409,
        action=here,
        back=here,
        version=version,
        rows=rows,
        kept=kept,
        by="",
    )
