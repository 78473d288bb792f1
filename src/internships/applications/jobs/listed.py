"""What the worker does for applications."""

from internships.applications.jobs import documents, lapsing
from internships.core.jobs import Handler

JOBS: dict[str, Handler] = {**lapsing.JOBS, **documents.JOBS}
CHORES = [documents.look_after]
