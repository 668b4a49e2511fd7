"""The demo as rows, drawn from a seed: the same seed, day and cities give the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from community.demo.rules.shapes import City, Ground, Occasion, Plan, Sizes
from community.demo.rules.words import (
    FIRST,
    HOME,
    KINDS,
    OTHER,
    PATOKAN,
    PHONE_PREFIX,
    ROLES,
    THEMES,
    TITLES,
    VENUES,
    name_of,
)
from community.kit.ids import CODE_ALPHABET

SEED = 2017
FULL = Sizes()
UNOPENED = frozenset({"proposed", "closed"})
"""The one closed chapter is a proposal that never opened."""
AGES = {"proposed": 6, "forming": 45, "closed": 200}
"""In days; other chapters are older the larger they are."""
EXACT_STATES = {66: "proposed", 67: "proposed", 68: "dormant", 69: "dormant", 70: "dormant", 71: "closed"}
FORMING_FROM = 62


def make_plan(seed: int, today: date, tonight: date, cities: Sequence[City], sizes: Sizes = FULL) -> Plan:
    """All rows of the demo. `tonight` is the day of the event whose door stands open.

    The first city of `CITY_CODES` is home: its chapter has the door, the full event and the one to be closed.
    """
    return _Writer(seed, today, tonight).write(cities, sizes)


def share_out(total: int, weights: Sequence[float], *, least: int = 0) -> list[int]:
    """Whole numbers in the proportions of `weights` that add up to `total`, none under `least` (largest remainder)."""
    spare = total - least * len(weights)
    if spare < 0:
        raise ValueError("less to share out than the least of each")
    exact = [spare * weight / sum(weights) for weight in weights]
    whole = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda place: whole[place] - exact[place])
    for place in by_remainder[: spare - sum(whole)]:
        whole[place] += 1
    return [least + share for share in whole]


def state_of(place: int) -> str:
    """State of the chapter in this place of the list of cities."""
    return EXACT_STATES.get(place, "active" if place < FORMING_FROM else "forming")


class _Writer:
    """Draws rows in one fixed order; every row's id carries the moment it was made, like the ids of the services."""

    def __init__(self, seed: int, today: date, tonight: date) -> None:
        self.random = Random(f"{seed} {today}")
        self.today, self.tonight = today, tonight
        self.plan = Plan()
        self.people = 0
        self.codes: set[str] = set()

    def write(self, cities: Sequence[City], sizes: Sizes) -> Plan:
        alive = [place for place in range(len(cities)) if state_of(place) not in UNOPENED]
        weights = [1 / (place + 4) ** 0.75 for place in alive]
        members = dict(
            zip(alive, share_out(sizes.members, weights, least=min(12, sizes.members // len(alive))), strict=True)
        )
        rangers = dict(zip(alive, share_out(sizes.rangers, weights, least=1), strict=True))
        for role in ("hq", "administrator"):
            self._right(self._role_person(role), role, None, self._at(self.today - timedelta(days=400)))
        for place, city in enumerate(cities):
            ground = self._chapter(place, city, sizes.months)
            self._people_of(ground, place, rangers.get(place, 0), members.get(place, 0))
            self._events_of(ground, place, sizes.months)
            self._chapter_row(ground)
        return self.plan

    # Small things

    def _add(self, table: str, *values: Any) -> None:
        self.plan.rows[table].append(values)

    def _id(self, at: datetime) -> UUID:
        value = int(at.timestamp() * 1000) << 80 | 0x7 << 76 | self.random.getrandbits(76) & ~(0xF << 72)
        return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)

    def _at(self, day: date, hour: int = 12, tz: str = "Asia/Jakarta") -> datetime:
        return datetime.combine(day, time(hour), ZoneInfo(tz)).astimezone(UTC)

    def _code(self) -> str:
        while (code := "".join(self.random.choices(CODE_ALPHABET, k=8))) in self.codes:
            pass
        self.codes.add(code)
        return code

    def _day(self, first: date, last: date, *, late: float = 1.0) -> date:
        """A day in between; `late` over 1 draws later days more often, as a chapter that grows is joined."""
        return first + timedelta(days=int((last - first).days * self.random.random() ** (1 / late)))

    # People

    def _person(
        self, at: datetime, *, kind: str = "account", name: str = "", email: str = "", mailed: float = 0.7
    ) -> tuple[UUID, str]:
        """`mailed`: how likely the person gave a mail address; a guest never did."""
        self.people += 1
        number, person = self.people, self._id(at)
        name = name or name_of(number)
        mail = email or f"{name.split()[0].lower()}.{number}@demo.example"
        known = kind == "account" and (bool(email) or self.random.random() < mailed)
        phone = f"{PHONE_PREFIX}{number:08d}"
        self._add(
            "person", person, kind, name, phone, None, mail if known else None, at if known else None, True, at, 1
        )
        return person, name

    def _role_person(self, role: str) -> UUID:
        name, email = ROLES[role]
        person, _name = self._person(self._at(self.today - timedelta(days=400)), name=name, email=email)
        self.plan.people[role] = person
        return person

    def _right(self, person: UUID, role: str, scope: UUID | None, at: datetime) -> None:
        self._add("role_spell", self._id(at), person, role, scope, at, None)

    def _people_of(self, ground: Ground, place: int, rangers: int, members: int) -> None:
        role = {HOME: "ranger", OTHER: "other_ranger"}.get(ground.city.code)
        if ground.state in UNOPENED:
            self._founders(ground)
        for number in range(rangers):
            self._ranger(ground, role if number == 0 else None)
        if ground.city.code == HOME:
            person = self._role_person("member")
            self._member(ground, person, ROLES["member"][0], self.today - timedelta(days=200))
        while len(ground.members) < members:
            joined = self._day(ground.founded, self.today, late=1.6)
            self._member(ground, *self._person(self._at(joined)), joined)
        for _ in range(members // 12):
            self._leaver(ground)
        ground.guests = [
            self._person(self._at(self._day(ground.founded, self.today)), kind="guest") for _ in range(members // 8)
        ]

    def _founders(self, ground: Ground) -> None:
        at = self._at(ground.founded)
        for _ in range(3):
            person, _name = self._person(at)
            self._add("chapter_founder", self._id(at), ground.id, person, at, "1", at + timedelta(hours=5))
            ground.rangers.append(person)

    def _ranger(self, ground: Ground, role: str | None) -> None:
        joined = ground.founded if len(ground.rangers) < 2 else self._day(ground.founded, self.today)
        at = self._at(joined)
        person, name = (self._role_person(role), ROLES[role][0]) if role else self._person(at, mailed=1.0)
        self._member(ground, person, name, joined)
        ground.rangers.append(person)
        term = max(joined, self.today - timedelta(days=self.random.randrange(20, 300)))
        self._add(
            *("ranger_spell", self._id(at), person, ground.id, "ranger", term, term + timedelta(days=365)),
            *(ground.rangers[0], self._at(term), self._at(term), "1"),
        )
        self._right(person, "ranger", ground.id, self._at(term))
        topics = {topic for _theme, topic in self.random.sample(THEMES, k=3)}
        if self.random.random() < 0.8:
            self._add("consent", self._id(at), person, "ranger_named_on_page", None, "1", at, "web", person, None)
        self._add(
            *("ranger_profile", person, self._id(at), sorted(topics)),
            *(["id"], ground.city.code, None, None, None, self.random.randrange(1, 6), time(21), time(7), 1, at),
        )

    def _member(self, ground: Ground, person: UUID, name: str, joined: date) -> None:
        at = self._at(joined)
        source = self.random.choices(("self", "event", "import", "invite"), (70, 15, 10, 5))[0]
        self._add("membership", self._id(at), person, ground.id, joined, None, source, "day", None, at, None)
        self._add("consent", self._id(at), person, "membership", ground.id, "1", at, "web", person, None)
        if self.random.random() < 0.6:
            shop = name.split()[1].removesuffix("-Demo") if " " in name else name
            self._add("store", self._id(at), person, f"DEMO-{len(self.plan.rows['store']) + 1:05d}", f"Toko {shop}", at)
        ground.members.append((person, name, joined))

    def _leaver(self, ground: Ground) -> None:
        joined = self._day(ground.founded, self.today)
        left = self._day(joined, self.today)
        at, ended = self._at(joined), self._at(left, 13)
        person, _name = self._person(at)
        self._add("membership", self._id(at), person, ground.id, joined, left, "self", "day", "left", at, ended)
        self._add("consent", self._id(at), person, "membership", ground.id, "1", at, "web", person, ended)

    # Chapters

    def _chapter(self, place: int, city: City, months: int) -> Ground:
        state = state_of(place)
        age = AGES.get(state) or max(240, months * 30 + 60 - place * 6 + self.random.randrange(30))
        if state == "proposed":
            age += 4 * (place % 2)  # one of them has waited for more than a week
        founded = self.today - timedelta(days=age)
        ground = Ground(self._id(self._at(founded, 9)), city, state, founded)
        if city.code == HOME:
            self.plan.home = ground.id
        return ground

    def _chapter_row(self, ground: Ground) -> None:
        """Written last, when its last activity is known; the tables are copied in an order that does not mind."""
        city, born = ground.city, self._at(ground.founded, 9)
        slug = "-".join(city.name.lower().split())
        states = list(self._states(ground))
        about = f"Pelapak {city.name} bertemu, berbagi, dan saling bantu. Komunitas ini dibuat untuk demo."
        self._add(
            *("chapter", ground.id, slug, f"Komunitas {city.name} (demo)", city.tz, ground.state, states[-1][1]),
            *(city.latitude, city.longitude, about, ground.last_activity, None, True, born, 1),
        )
        self._add("chapter_slug", slug, ground.id)
        self._add("chapter_region", self._id(born), ground.id, city.code, True)
        before = None
        for state, at, cause in states:
            self._add("chapter_state", self._id(at), ground.id, before, state, at, None, cause)
            before = state

    def _states(self, ground: Ground) -> Iterator[tuple[str, datetime, str | None]]:
        born = self._at(ground.founded, 9)
        yield "proposed", born, "proposed"
        yield "proposed", born + timedelta(hours=5), None  # two founders have accepted: headquarters is asked
        if ground.state == "closed":
            yield "closed", born + timedelta(days=180), "never_opened"
        if ground.state in {"forming", "active", "dormant"}:
            yield "forming", born + timedelta(days=4), "endorsed"
        if ground.state in {"active", "dormant"}:
            yield "active", born + timedelta(days=30), "first_event"
        if ground.state == "dormant":
            yield "dormant", self._at(self.today - timedelta(days=50)), "silence"

    # Events

    def _events_of(self, ground: Ground, place: int, months: int) -> None:
        if ground.state in UNOPENED:
            return
        number = 0
        for number, day in enumerate(self._past_days(ground, months), start=1):
            kind = self.random.choice(KINDS)
            state = "cancelled" if self.random.random() < 0.04 else "finished"
            answers = 8 + int(len(ground.members) * self.random.uniform(0.12, 0.3))
            self._event(ground, Occasion(day, number, state, kind, 60, min(60, answers)))
        for occasion in self._coming(ground, place, number):
            self._event(ground, occasion)

    def _past_days(self, ground: Ground, months: int) -> Iterator[date]:
        first = max(ground.founded + timedelta(days=30), self.today - timedelta(days=months * 30))
        last = self.today - timedelta(days=(171 if ground.state == "dormant" else 4))
        gap = self.random.randrange(24, 44)
        day = first + timedelta(days=self.random.randrange(gap))
        while day <= last and ground.state != "forming":
            day += timedelta(days=(5 - day.weekday()) % 7)  # Saturdays
            if day <= last:
                yield day
            day += timedelta(days=gap + self.random.randrange(-6, 10))

    def _coming(self, ground: Ground, place: int, number: int) -> Iterator[Occasion]:
        if ground.city.code == HOME:
            yield Occasion(self.tonight - timedelta(days=1), number + 1, "published", answers=26)
            yield Occasion(self.tonight, number + 2, "published", capacity=50, answers=42)
            yield Occasion(self.today + timedelta(days=6), number + 3, "published", "sharing", capacity=30, answers=38)
            self.plan.next_number = number + 3
        elif ground.state == "active" and place <= 9:
            ahead = 3 + place * 2
            yield Occasion(self.today + timedelta(days=ahead), number + 1, "published", answers=6 + place)
        elif ground.state == "active" and place < 15:
            yield Occasion(self.today + timedelta(days=20 + place), number + 1, "draft")

    def _event(self, ground: Ground, plan: Occasion) -> None:
        city, host = ground.city, ground.rangers[0] if ground.rangers else None
        starts = datetime.combine(plan.on, plan.hours, ZoneInfo(city.tz)).astimezone(UTC)
        ends = starts + timedelta(hours=2)
        made = starts - timedelta(days=self.random.randrange(14, 19))
        if plan.state in {"published", "draft"}:
            made = min(made, self._at(self.today - timedelta(days=3)))
        event, (theme, topic) = self._id(made), self.random.choice(THEMES)
        finished = ends + timedelta(minutes=20) if plan.state == "finished" else None
        cancelled = starts - timedelta(days=2) if plan.state == "cancelled" else None
        published = None if plan.state == "draft" else made
        self._add(
            *("event", event, self._code(), ground.id, plan.kind, plan.state),
            TITLES[plan.kind].format(no=plan.number, theme=theme),
            f"{theme}. Bawa satu pertanyaan dan satu produk. Semua pelapak boleh datang, lama maupun baru.",
            topic,
            *(starts, ends, city.tz, "onsite", *self._venue(city, plan.number), False, "public", "open", made, starts),
            *(plan.capacity, 0, "auto", f"event-{event}@demo.example", 0, 0, published, finished, cancelled),
            *("Tempatnya kebanjiran." if cancelled else None, finished is not None and self.random.random() < 0.82),
            *("Ramai dan hangat. Terima kasih sudah datang." if finished else "", host, made, 1),
        )
        if plan.kind == "sharing" or self.random.random() < 0.3:
            self._session(ground, event, (theme, topic), made)
        if plan.state != "draft":
            self._answers(ground, plan, event, made, starts)
        if finished and host:
            ground.last_activity = ends

    def _venue(self, city: City, number: int) -> tuple[str, str, str, float, float]:
        """Name, address, patokan, latitude, longitude."""
        plant = self.random.choice(FIRST)
        latitude, longitude = (at + self.random.uniform(-0.02, 0.02) for at in (city.latitude, city.longitude))
        name = f"{self.random.choice(VENUES)} {plant}"
        return name, f"Jalan Contoh {plant} {number}, {city.name}", self.random.choice(PATOKAN), latitude, longitude

    def _session(self, ground: Ground, event: UUID, about: tuple[str, str], at: datetime) -> None:
        session = self._id(at)
        level = self.random.choice(("pemula", "pemula", "lanjut"))
        form = self.random.choice(("talk", "workshop", "clinic"))
        self._add("session", session, event, 1, *about, level, form, 60, "id", at, 1)
        if ground.rangers:
            self._add("speaker", self._id(at), session, 1, self.random.choice(ground.rangers), at)

    def _answers(self, ground: Ground, plan: Occasion, event: UUID, made: datetime, starts: datetime) -> None:
        known = [(person, name) for person, name, joined in ground.members if joined <= plan.on]
        guests = [guest for guest in ground.guests if self.random.random() < 0.15]
        people = self.random.sample(known, min(len(known), max(0, plan.answers - len(guests)))) + guests[: plan.answers]
        until = min(starts, self._at(self.today, 1))
        moments = sorted(made + (until - made) * self.random.random() for _ in people)
        seats = plan.capacity or len(people)
        for queue_no, ((person, name), at) in enumerate(zip(people, moments, strict=True), start=1):
            state = "going" if seats > 0 else "waitlisted"
            if plan.state == "finished" and state == "going" and self.random.random() < 0.06:
                state = "cancelled"
            seats -= state == "going"
            rsvp = self._rsvp(event, (person, name), state, queue_no, at, guest=queue_no > len(people) - len(guests))
            if plan.state == "finished" and state == "going" and self.random.random() < 0.76:
                self._scan(ground, event, starts, rsvp, person)

    def _rsvp(
        self, event: UUID, who: tuple[UUID, str], state: str, queue_no: int, at: datetime, *, guest: bool
    ) -> UUID:
        rsvp, (person, name) = self._id(at), who
        changed = at + timedelta(hours=7) if state == "cancelled" else at
        source = "guest" if guest else "self"
        self._add(
            "consent", self._id(at), person, "rsvp_record", event, "1", at, "page", None if guest else person, None
        )
        self._add("rsvp", rsvp, event, person, state, 1, queue_no, not guest, source, name, 0, at, changed)
        first = "going" if state == "cancelled" else state
        self._add("rsvp_change", self._id(at), rsvp, 1, None, first, 1, queue_no, person, "web", at)
        if state == "cancelled":
            self._add("rsvp_change", self._id(changed), rsvp, 2, "going", state, 1, queue_no, person, "web", changed)
        return rsvp

    def _scan(self, ground: Ground, event: UUID, starts: datetime, rsvp: UUID, person: UUID) -> None:
        at = starts + timedelta(minutes=self.random.uniform(-20, 50))
        scan = self._id(at)
        self._add(
            "scan",
            scan,
            str(scan),
            event,
            "in",
            rsvp,
            None,
            "[]",
            None,
            ground.rangers[0],
            "search",
            at,
            at,
            "accepted",
        )
