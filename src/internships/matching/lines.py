"""Who stands where at each position: the order of its own ranking, and of the lottery within a band."""

from collections import defaultdict

from internships.matching.lottery import in_order
from internships.matching.terms import Inputs, Pair


def standings(market: Inputs, lottery: str) -> dict[Pair, int]:
    """The place of each (applicant, position) in that position's order, from 1; who may not be there has none."""
    luck = {person: place for place, person in enumerate(in_order(lottery, market.applicants))}
    asked = {person: set(choices) for person, choices in market.applicants.items()}
    for team in market.teams:
        for side, member in enumerate(team.members):
            asked[member] = {choice[side] for choice in team.choices}
    lines: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for (position, person), score in market.scores.items():
        if position in asked[person] and (person, position) not in market.barred:
            lines[position].append((-score, luck[person], person))
    return {
        (person, position): place
        for position, line in lines.items()
        for place, (_, _, person) in enumerate(sorted(line), 1)
    }
