"""Every life in one place, and the page of pictures that docs/ keeps of them: `internships lives`."""

from internships.applications.documents import DOCUMENT
from internships.applications.rules import APPLICATION, CHOICE
from internships.core.workflow import Move, Workflow
from internships.cycles.rules import CYCLE
from internships.matching.life import CONTEST, RUN
from internships.placements.rules import OFFER, PLACEMENT, WAITING_LIST
from internships.reserves.rules import POSITION
from internships.reviews.rules import REVIEW

LIVES: tuple[Workflow, ...] = (
    CYCLE, POSITION, APPLICATION, CHOICE, DOCUMENT, REVIEW, RUN, CONTEST, OFFER, WAITING_LIST, PLACEMENT,
)  # fmt: skip

HEAD = """# The lives

Each thing that people work on has a life: one table of moves in the code, from which the buttons, the permissions and
this page are made. `internships lives > docs/lives.md` draws it again; a test fails when it is stale.
"""


def _follows(move: Move) -> str:
    said = [f"the letter `{move.letter}`" if move.letter else "", f"undo: `{move.undo}`" if move.undo else ""]
    said.append(f"by itself when nobody acts: `{move.clock}`" if move.clock else "")
    return "; ".join(part for part in said if part)


def _section(life: Workflow) -> str:
    rows = [
        f"| `{move.verb}` | {', '.join(sorted(move.from_))} | {move.to} | {', '.join(sorted(move.by))} | {_follows(move)} |"
        for move in life
    ]
    table = ["| verb | from | to | by | what follows |", "| --- | --- | --- | --- | --- |", *rows]
    return "\n".join([f"## {life.name}", "", "```mermaid", life.drawing().rstrip(), "```", "", *table, ""])


def drawn() -> str:
    """The whole page, as Markdown with Mermaid state diagrams."""
    return "\n".join([HEAD, *map(_section, LIVES)])
