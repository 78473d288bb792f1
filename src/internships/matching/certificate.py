"""What an applicant takes home: their own answers with the public numbers, and the check that needs nothing else.

    board_of(outcome)                   the public numbers of a run: seats and lines of positions and limits
    certificate_as_json(outcome, "a17") one person's answers, with the whole board
    check_certificate(text)             an empty list, or a sentence for each number that does not follow

The check draws the person's lottery number itself, compares each answer with the lines, and recomputes the digest of
the board, which anybody can hold against the one that the programme published.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from internships.matching import lottery
from internships.matching.document import parsed
from internships.matching.ledger import OPEN, limits_in_order, reserves_at
from internships.matching.records import digest
from internships.matching.rules import Outcome
from internships.matching.sentences import because
from internships.matching.terms import BadMarket, Cutoff, Verdict

VERSION = 1
NOT_THE_BOARDS = "the answer's numbers are not those of the board"
BY_LINE = ("cut_off", "tie", "limit", "reserved")  # answers that follow from a line


def board_of(outcome: Outcome) -> dict[str, Any]:
    market, standings = outcome.market, outcome.standings
    lines = dict(zip(standings.ledger.counters, standings.lines, strict=False))
    limit_lines = standings.lines[len(standings.ledger.counters) :]
    seats_of = {limit.name: limit for limit in market.limits}
    locked = Counter(market.locked.values())
    reserves = reserves_at(market)
    return {
        "lottery": {"text": outcome.lottery, "seal": lottery.seal(outcome.lottery)},
        "positions": {
            position: {
                "seats": seats,
                "locked": locked[position],
                "closed": position in outcome.closed,
                "line": _shown(lines[position, OPEN]),
                "reserved": {r.name: _shown(lines[position, r.name]) for r in reserves.get(position, ())},
            }
            for position, seats in market.seats.items()
        },
        "limits": {
            name: {"seats": seats_of[name].seats, "over": sorted(seats_of[name].over), "line": _shown(line)}
            for name, line in zip(limits_in_order(market), limit_lines, strict=True)
        },
        "adopted": outcome.adopted,
        "run": outcome.fingerprint,
    }


def _shown(line: Cutoff | None) -> dict[str, int] | None:
    return None if line is None else {key: value for key, value in line._asdict().items() if value is not None}


def certificate_of(outcome: Outcome, applicant: str) -> dict[str, Any]:
    board = board_of(outcome)
    return {
        "certificate": VERSION,
        "applicant": applicant,
        "number": lottery.number(outcome.lottery, applicant),
        "place": outcome.places[applicant],
        "answers": [_answer(outcome, applicant, verdict) for verdict in outcome.why(applicant)],
        "board": board,
        "board_sha256": digest(board),
    }


def certificate_as_json(outcome: Outcome, applicant: str) -> str:
    return json.dumps(certificate_of(outcome, applicant), ensure_ascii=False, indent=1)


def _answer(outcome: Outcome, applicant: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "position": verdict.position,
        "verdict": verdict.kind,
        "because": because(verdict),
        "band": outcome.standings.band(applicant, verdict.position),
        "facts": dict(verdict.facts),
    }


def check_certificate(text: str | bytes) -> list[str]:
    """Everything in a certificate that does not follow from its public numbers. A text that is none is a BadMarket."""
    certificate = parsed(text)
    if certificate.get("certificate") != VERSION:
        raise BadMarket("certificate", "missing", expected=f"a certificate of version {VERSION}")
    try:
        return list(_faults(certificate))
    except (KeyError, TypeError, AttributeError, ValueError) as broken:
        raise BadMarket("certificate", "json", reason=f"a part is missing or misshapen ({broken})") from None


def _faults(certificate: Mapping[str, Any]) -> Iterator[str]:
    board, applicant = certificate["board"], certificate["applicant"]
    opened = board["lottery"]["text"]
    if digest(board) != certificate["board_sha256"]:
        yield "The board is not the one that the certificate was made with: its digest differs."
    if lottery.seal(opened) != board["lottery"]["seal"]:
        yield "The lottery text is not the one that was sealed."
    if lottery.number(opened, applicant) != certificate["number"]:
        yield f"The lottery number of {applicant} is {lottery.number(opened, applicant)}, not {certificate['number']}."
    answers = certificate["answers"]
    for answer in answers:
        if answer["because"] != because(Verdict(answer["position"], answer["verdict"], answer["facts"])):
            yield f"{answer['position']}: the sentence is not the one that its numbers give"
        if fault := _fault(answer, certificate["number"], board):
            yield f"{answer['position']}: {fault}"
    yield from _order_faults(answers, certificate["place"])


def _order_faults(answers: list[Mapping[str, Any]], place: str | None) -> Iterator[str]:
    """First what was refused, then the place, then what was wanted less."""
    given = [answer["position"] for answer in answers if _is_place(answer)]
    if given != ([] if place is None else [place]):
        yield "The place is not the one that the answers give."
    elif given and not answers[0]["facts"].get("own"):
        kinds = [answer["verdict"] for answer in answers]
        after = kinds[kinds.index("placed") + 1 :]
        if "preferred" in kinds[: kinds.index("placed")] or any(kind != "preferred" for kind in after):
            yield "The answers are not in the order of the list."
    elif not given and any(answer["verdict"] == "preferred" for answer in answers):
        yield "A choice is set aside for a better place, but there is no place."


def _is_place(answer: Mapping[str, Any]) -> bool:
    return answer["verdict"] == "placed" or bool(answer["facts"].get("own"))


def _fault(answer: Mapping[str, Any], number: int, board: Mapping[str, Any]) -> str:
    kind, facts, position = answer["verdict"], answer["facts"], board["positions"].get(answer["position"])
    if kind == "unplaced":
        return ""
    if position is None:
        return "the board does not know this position"
    if "seats" in facts and kind not in BY_LINE and facts["seats"] != position["seats"]:
        return NOT_THE_BOARDS
    if "locked" in facts and facts["locked"] != position["locked"]:
        return NOT_THE_BOARDS
    own = (answer["band"], number)
    if kind == "placed":
        return "" if _came_in(own, position, board) else "the line was not reached, yet the place was given"
    if kind in BY_LINE:
        return _line_fault(kind, own, facts, board["limits"][facts["limit"]] if kind == "limit" else position)
    if kind == "locked" and not position["locked"]:
        return "no seat was given before the match"
    if kind == "closed" and position["seats"] and not position["closed"]:
        return "the position is not closed"
    if kind == "optimum" and not board["adopted"]:
        return "no other result than the match was adopted"
    return ""


def _line_fault(kind: str, own: tuple[int, int], facts: Mapping[str, Any], circle: Mapping[str, Any]) -> str:
    line = circle["line"]
    if line is None:
        return "there was room to the end, yet the answer is a refusal"
    if facts["cutoff"] != line["band"] or facts["band"] != own[0] or facts.get("number", own[1]) != own[1]:
        return NOT_THE_BOARDS
    if facts.get("line", line.get("line")) != line.get("line") or facts["seats"] != circle["seats"]:
        return NOT_THE_BOARDS
    if (kind == "tie") != (own[0] == line["band"]) and kind in ("tie", "cut_off"):
        return "the band is not the one that the answer is about"
    return "the line was reached, yet the answer is a refusal" if _reaches(own, line, refused=True) else ""


def _reaches(own: tuple[int, int], line: Mapping[str, int], *, refused: bool = False) -> bool:
    """In the band of the line the numbers decide; where they were not needed, all of the band came in, or none more."""
    if own[0] != line["band"]:
        return own[0] < line["band"]
    return own[1] <= line["line"] if "line" in line else not refused


def _came_in(own: tuple[int, int], position: Mapping[str, Any], board: Mapping[str, Any]) -> bool:
    """By the open line, or by the line of some group; a group's own list of members is not public."""
    if position["closed"]:
        return False
    lines = [position["line"], *position["reserved"].values()]
    return any(line is None or _reaches(own, line) for line in lines)
