"""What readers score and hosts decide about sample applications, each step at its time and none after a withdrawal."""

from datetime import datetime, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from internships.accounts.rules import Actor
from internships.applications.rules import CHOICE
from internships.reviews.models import Conflict, Rating, Review, Score
from internships.reviews.rules import REVIEW, State, weighted
from internships.sample import calendar, judging
from internships.sample.choosing import lacks
from internships.sample.files import File
from internships.sample.programme import MIN_REVIEWS, Programme, Reader

RECUSES = 0.04
LATEST = 48.0
"""In days after the deadline: then everything is scored and rated."""


class Judgement:
    """Hands out files to readers in turn, and writes down what becomes of each."""

    def __init__(self, programme: Programme) -> None:
        self.programme, self.ledger, self.when = programme, programme.ledger, programme.calendar
        self._positions = {position.id: position for position in programme.positions.values()}
        self._turn = cycle(programme.readers)
        self._told: set[tuple[int, int]] = set()

    def of(self, rng: Random, file: File) -> None:
        """Write down what is thought of one file."""
        self._read(rng, file)
        for choice in file.choices:
            self._rate(rng, file, choice)

    def _read(self, rng: Random, file: File) -> None:
        assigned_at = file.admitted_at + timedelta(days=calendar.ASSIGNED)
        if assigned_at > file.until:
            return
        totals: list[float] = []
        readers = self._next_readers(file, 2 * MIN_REVIEWS)
        substitutes = iter(readers[MIN_REVIEWS:])
        for reader in readers[:MIN_REVIEWS]:
            if not self._recused(rng, file, reader, assigned_at):
                self._review(rng, file, reader, assigned_at, totals)
            elif (other := next(substitutes, None)) is not None:
                self._review(rng, file, other, assigned_at + timedelta(days=1), totals)
        if totals:
            mean, spread = sum(totals) / len(totals), max(totals) - min(totals)
            file.application.update(review_count=len(totals), review_mean=mean, review_spread=spread)

    def _next_readers(self, file: File, count: int) -> list[Reader]:
        """Nobody reads a compatriot, as far as there are others."""
        everybody = list(islice(self._turn, len(self.programme.readers)))
        strangers = [reader for reader in everybody if reader.country != file.person.nationality]
        chosen = (strangers if len(strangers) >= count else everybody)[:count]
        # The next file goes on where this one stopped, so that everybody has about as many.
        list(islice(self._turn, everybody.index(chosen[min(MIN_REVIEWS, len(chosen)) - 1]) + 1))
        return chosen

    def _assigned(self, file: File, reader: Reader, at: datetime) -> dict[str, Any]:
        staff = self.programme.staff[0]
        review = self.ledger.add(
            Review,
            ref=self.ledger.ref(),
            application_id=file.application["id"],
            person_id=reader.actor.person_id,
            state=State.ASSIGNED,
            comment="",
            total=None,
            assigned_at=at,
            assigned_by=staff.person_id,
            finished_at=None,
        )
        reviewer = {"reviewer": self.ledger.ref_of(reader.actor)}
        self.ledger.note(staff, "review.assign", review["ref"], at, file=file.application["ref"], detail=reviewer)
        return review

    def _recused(self, rng: Random, file: File, reader: Reader, at: datetime) -> bool:
        """Now and then somebody knows the applicant, says so before reading, and another reads instead."""
        said_at = at + timedelta(hours=20)
        if rng.random() >= RECUSES or said_at > file.until:
            return False
        review = self._assigned(file, reader, at)
        self._tell(file, reader.actor, said_at, has_tie=True)
        self.ledger.move(REVIEW, "recuse", reader.actor, review, said_at, file=file.application["ref"])
        return True

    def _review(self, rng: Random, file: File, reader: Reader, at: datetime, totals: list[float]) -> None:
        review = self._assigned(file, reader, at)
        ref, begun_at = file.application["ref"], at + timedelta(days=rng.uniform(0.3, 2))
        finished_at = min(begun_at + timedelta(days=rng.uniform(*calendar.REVIEWED)), self.when.after(LATEST))
        if begun_at > file.until:
            return
        self._tell(file, reader.actor, begun_at, has_tie=False)
        self.ledger.move(REVIEW, "declare", reader.actor, review, begun_at, file=ref)
        points = judging.points(rng, file.person, self.programme.scales)
        if finished_at > file.until:
            return
        for code, given in points.items():
            self.ledger.add(Score, review_id=review["id"], criterion_id=self.programme.criteria[code], points=given)
        total = weighted(points, self.programme.weights, self.programme.scales)
        review |= {"comment": judging.comment(rng), "total": total, "finished_at": finished_at}
        self.ledger.move(REVIEW, "finish", reader.actor, review, finished_at, file=ref)
        totals.append(total)

    def _rate(self, rng: Random, file: File, choice: dict[str, Any]) -> None:
        """The host reads, meets those on the short list, and says whom they would gladly have."""
        position = self._positions[choice["position_id"]]
        host, ref = position.host, file.application["ref"]
        looked_at = file.admitted_at + timedelta(days=rng.uniform(*calendar.SHORTLISTED))
        rated_at = min(looked_at + timedelta(days=rng.uniform(*calendar.RATED)), self.when.after(LATEST))
        is_shortlisted = judging.is_shortlisted(rng, file.person, lacks(file.person, position.row))
        tier = judging.tier(rng, file.person)
        looked_at = min(looked_at, rated_at)
        if looked_at > file.until:
            return
        asked_at = looked_at - timedelta(minutes=10)
        if self._tell(file, host, asked_at, has_tie=False):
            self.ledger.note(host, "conflict.declare", choice["ref"], asked_at, file=ref, detail={"tie": False})
        self.ledger.move(CHOICE, "shortlist" if is_shortlisted else "pass_over", host, choice, looked_at, file=ref)
        if not is_shortlisted or rated_at > file.until:
            return
        reason = "" if tier else rng.choice(judging.REFUSALS)
        verb, detail = ("would_host", {"tier": tier}) if tier else ("would_not", None)
        self.ledger.move(CHOICE, verb, host, choice, rated_at, file=ref, reason=reason, detail=detail)
        self.ledger.add(
            Rating,
            choice_id=choice["id"],
            position_id=choice["position_id"],
            tier=tier,
            reason=reason,
            rated_by=host.person_id,
            rated_at=rated_at,
        )

    def _tell(self, file: File, actor: Actor, at: datetime, *, has_tie: bool) -> bool:
        """Everybody says once for each file whether there is a tie, before they see it; whether this was that time."""
        key = (actor.person_id, file.application["id"])
        if key in self._told:
            return False
        self._told.add(key)
        self.ledger.add(
            Conflict,
            person_id=actor.person_id,
            application_id=file.application["id"],
            has_tie=has_tie,
            text="We worked in the same group." if has_tie else "",
            declared_at=at,
        )
        return True
