"""Rows inside a row, and rows put where some already stand, alike on both databases."""

from msgspec import Struct
from sqlalchemy import func, select

from internships.accounts.models import Membership, Person
from internships.accounts.rules import Role
from internships.core import clock
from internships.core.db import every, read
from internships.core.gathered import gathered, rows_as
from internships.core.models import RequestKey
from internships.core.writing import write
from internships.reserves.models import Reserve


class Post(Struct, frozen=True):
    role: Role
    is_over: bool


class WithPosts(Struct, frozen=True):
    name: str
    posts: list[list[object]]


MEMBERSHIPS = gathered(
    select(Membership.role, Membership.ends_at.is_not(None)).where(Membership.person_id == Person.id), of=Person
)
PEOPLE = select(Person.full_name, MEMBERSHIPS).order_by(Person.id)


async def test_what_belongs_to_a_row_comes_with_it(amina, ingrid):
    async with write() as tx:
        now = clock.now()
        tx.add(Membership(person_id=ingrid.actor.person_id, role=Role.ADMIN, starts_at=now, ends_at=now))

    async with read() as db:
        people = await every(WithPosts, db, PEOPLE)

    posts = {person.name: sorted(rows_as(Post, person.posts), key=lambda post: post.role) for person in people}
    assert posts["Amina Okello"] == [Post(Role.APPLICANT, is_over=False)]
    assert posts["Ingrid Solberg"] == [Post(Role.ADMIN, is_over=True), Post(Role.STAFF, is_over=False)]


async def test_lists_inside_stay_lists_and_nothing_is_an_empty_list(reserve, new_person):
    languages = gathered(select(Reserve.working_languages, Reserve.lat), of=Person)
    nothing = gathered(select(Reserve.slug).where(Reserve.id < 0), of=Person)
    await new_person(Role.STAFF)

    async with read() as db:
        cells, none = (await db.execute(select(languages, nothing).select_from(Person))).one()

    assert cells == [[["es", "en"], None]]
    assert none == []


async def test_putting_a_row_twice_overwrites_it(database):
    later = clock.now()

    async with write() as tx:
        await tx.put(RequestKey, [{"key": "a", "at": clock.now()}], "key")
        await tx.put(RequestKey, [{"key": "a", "at": later}, {"key": "b", "at": later}], "key")

    async with read() as db:
        assert await db.scalar(select(func.count()).select_from(RequestKey)) == 2
