"""Answers of the sections without entries, and saying that a section is finished."""

from msgspec.structs import asdict

from internships.accounts.rules import Actor
from internships.applications import answers
from internships.applications.actions.opening import change, not_overtaken, opened, without
from internships.applications.rules import Section
from internships.core.writing import write


async def tell_about(actor: Actor, told: answers.About, *, seen: str) -> str:
    """Save who the person is; the section's new mark."""
    async with write() as tx:
        file = await opened(tx, actor)
        mark = not_overtaken(seen, answers.about(file), answers.about(told))
        await change(tx, file, **asdict(told), **without(file, Section.ABOUT))
    return mark


async def put_aside(actor: Actor, page: str, typed: dict[str, str]) -> None:
    """Keep what was typed on a page that is left half done, as it was typed; nothing when all of it is blank."""
    async with write() as tx:
        file = await opened(tx, actor)
        begun = {name: kept for name, kept in file.begun.items() if name != page}
        await change(tx, file, begun=begun | ({page: typed} if any(typed.values()) else {}))


async def motivate(actor: Actor, told: answers.Motivation, *, seen: str) -> str:
    """Save the long texts, finished or not; the section's new mark."""
    async with write() as tx:
        file = await opened(tx, actor)
        mark = not_overtaken(seen, answers.motivation(file), answers.motivation(told))
        await change(tx, file, **asdict(told))
    return mark


async def finish(actor: Actor, section: Section, *, finished: bool, none: bool = False) -> None:
    """Say whether a section is complete; `none` when there is nothing to tell in it."""
    async with write() as tx:
        file = await opened(tx, actor)
        done = sorted({*file.done, section} if finished else {*file.done} - {section})
        more = {"no_experience": none} if section == Section.EXPERIENCE else {}
        await change(tx, file, done=done, **more)
