"""Looks at the whole content of a file, in a child process that may use little memory and little time.

What people send is read by large libraries written in C. The process that does it has no database, no secret and
no way to start another one; whatever happens in it, the worker goes on and the file is not taken.
"""

import asyncio
import json
import sys
from typing import Final

from internships.core.files.kinds import Because, Media, NotTaken

PATIENCE: Final = 60.0
"""Seconds by the clock; the child's own limit is processor time."""
ALONE: Final = {"PATH": "", "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1"}
"""All that the child knows of where it runs."""


async def cleaned(content: bytes, media: Media) -> bytes:
    """The same document without what could act by itself, tell on its writer or hide something.

    Raises:
        NotTaken: it is not what it says, is protected, or could not be read within the limits.
    """
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-B", "-m", "internships.core.files.child", media.value,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env=ALONE,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await child.communicate(content)
    except TimeoutError as error:
        raise NotTaken(Because.DAMAGED) from error
    finally:
        if child.returncode is None:
            child.kill()
            await child.wait()
    verdict, _, found = said.partition(b"\n")
    if child.returncode != 0 or not verdict:
        raise NotTaken(Because.DAMAGED)
    if because := json.loads(verdict)["because"]:
        raise NotTaken(Because(because))
    return found
