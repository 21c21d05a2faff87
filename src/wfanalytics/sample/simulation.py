"""Who holds which post in Exampleshire, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from wfanalytics.sample import names
from wfanalytics.sample.organisation import Post, make_posts
from wfanalytics.sample.story import (
    CONVERSIONS,
    COVERED,
    DESTINATIONS,
    FIRST_MONTH,
    LEAVERS_A_MONTH,
    ORIGINS,
    PROJECT_TEAM,
    PROJECT_TEAM_SIZE,
    REASONS,
    UNCOVERED,
    find_level,
)


@dataclass
class Worker:
    """One fictional person. ``post`` is None for agency staff above establishment."""

    worker_id: str
    name: str
    employment: str
    fte: float
    start: pd.Timestamp
    post: Post | None
    role: str
    team: str
    qualified: pd.Timestamp | None = None
    is_project_team: bool = False
    load: float = 1.0


class Simulation:
    """Month by month: who holds which post. A class because state must pass between months."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.posts = make_posts(self.rng)
        self.people = names.make_people(self.rng, 1600)
        self.next_person = 0
        self.workers: list[Worker] = []
        self.movements: list[dict[str, object]] = []
        self.conversions: list[tuple[pd.Timestamp, str]] = []

    def _new_worker(
        self, employment: str, post: Post | None, start: pd.Timestamp, **more: Any
    ) -> Worker:
        person = self.people.iloc[self.next_person]
        self.next_person += 1
        team = post.team_at(start.to_period("M")) if post else str(more.pop("team"))
        worker = Worker(
            person["worker_id"], person["name"], employment, more.pop("fte"), start, post,
            post.role if post else "case_holder", team,
            load=float(self.rng.normal(1, 0.13)), **more,
        )  # fmt: skip
        self.workers.append(worker)
        return worker

    def _active_posts(self, month: pd.Period) -> list[Post]:
        return [post for post in self.posts if post.is_funded(month)]

    def _permanent(self) -> list[Worker]:
        return [worker for worker in self.workers if worker.employment == "permanent"]

    def _free(self, month: pd.Period, employment: str) -> list[Post]:
        taken = {w.post.post_id for w in self.workers if w.post and w.employment == employment}
        if employment == "agency":
            taken |= {w.post.post_id for w in self._permanent() if w.post}
        free = [p for p in self._active_posts(month) if p.post_id not in taken]
        return [free[i] for i in self.rng.permutation(len(free))]

    def _day(self, month: pd.Period, *, last: int = 28) -> pd.Timestamp:
        return month.to_timestamp() + pd.Timedelta(days=int(self.rng.integers(0, last)))

    def _record(self, movement: str, worker: Worker, day: pd.Timestamp, **words: str) -> None:
        self.movements.append(
            {
                "date": day, "worker_id": worker.worker_id, "movement": movement,
                "team": worker.team, "fte": worker.fte,
                "origin": words.get("origin", ""), "destination": words.get("destination", ""),
                "reason": words.get("reason", ""),
            }
        )  # fmt: skip

    def _contract(self, post: Post) -> float:
        """Contracted FTE of a new holder: the post's, or now and then a little less."""
        less = self.rng.random() < 0.08 and post.fte > 0.6 and post.role != "support"
        return round(post.fte - 0.2, 1) if less else post.fte

    def open_books(self) -> None:
        """Fill posts as they stood before the first month."""
        month = FIRST_MONTH - 1
        size = sum(p.fte for p in self._active_posts(month) if p.role != "support")
        wanted = size * (1 - find_level(UNCOVERED, 0) - find_level(COVERED, 0))
        for post in self._free(month, "permanent"):
            if post.role == "support" or self._fte("permanent") < wanted:
                start = pd.Timestamp("2017-03-31") - pd.Timedelta(
                    days=int(self.rng.gamma(1.6, 1100))
                )
                self._new_worker("permanent", post, start, fte=self._contract(post))
        shared = next(w for w in self.workers if w.fte == 1 and w.role == "senior_practitioner")
        shared.fte = 0.6
        self._new_worker("permanent", shared.post, pd.Timestamp("2016-09-01"), fte=0.6)

    def _fte(self, employment: str) -> float:
        return sum(
            w.fte for w in self.workers
            if w.employment == employment and w.role != "support" and not w.is_project_team
        )  # fmt: skip

    def run_month(self, month: pd.Period) -> None:
        """One month: reorganise, leave, move, convert, start, adjust agency."""
        number = (month - FIRST_MONTH).n
        self._drop_unfunded(month)
        self._leave(month, number)
        self._move(month, number)
        self._convert(month, number)
        size = sum(p.fte for p in self._active_posts(month) if p.role != "support")
        covered = size * find_level(COVERED, number)
        self._start(month, size * (1 - find_level(UNCOVERED, number)) - covered)
        self._adjust_agency(month, covered, number)

    def _drop_unfunded(self, month: pd.Period) -> None:
        self.workers = [w for w in self.workers if not w.post or w.post.is_funded(month)]
        for worker in self.workers:
            if worker.post:
                worker.team = worker.post.team_at(month)

    def _leave(self, month: pd.Period, number: int) -> None:
        count = int(np.clip(self.rng.poisson(find_level(LEAVERS_A_MONTH, number)), 1, 11))
        # Posts that are about to lose their funding are vacant by then: nobody is made redundant.
        going = [w for w in self._permanent() if w.post and w.post.ends_before(month + 2)]
        staff = [w for w in self._permanent() if w not in going and w.role != "support"]
        picks = self.rng.choice(len(staff), max(count - len(going), 0), replace=False)
        for worker in going + [staff[i] for i in picks]:
            day = self._day(month)
            destination = str(self.rng.choice(DESTINATIONS))
            reason = str(self.rng.choice(REASONS))
            self._record("leaver", worker, day, destination=destination, reason=reason)
            self.workers.remove(worker)

    def _move(self, month: pd.Period, number: int) -> None:
        if number % 3 or number == 0:
            return
        staff = [w for w in self._permanent() if w.role == "case_holder" and w.fte == 1]
        free = [p for p in self._free(month, "permanent") if p.role == "case_holder" and p.fte == 1]
        covered = {w.post.post_id for w in self.workers if w.employment == "agency" and w.post}
        free = [p for p in free if p.post_id not in covered and not p.ends_before(month + 3)]
        worker = staff[int(self.rng.integers(len(staff)))]
        if free and free[0].team_at(month) != worker.team:
            worker.post, worker.team = free[0], free[0].team_at(month)
            self._record("internal_move", worker, self._day(month))

    def _convert(self, month: pd.Period, number: int) -> None:
        for _ in range(CONVERSIONS.get(number, 0)):
            pool = [w for w in self.workers if w.employment == "agency" and w.post
                    and w.start.to_period("M") < month - 1]  # fmt: skip
            worker = pool[int(self.rng.integers(len(pool)))]
            day = self._day(month)
            worker.employment, worker.start = "permanent", day
            self._record("conversion", worker, day, origin="agency in this authority")
            self.conversions.append((month.to_timestamp(how="end").normalize(), worker.worker_id))

    def _start(self, month: pd.Period, wanted: float) -> None:
        covered = {w.post.post_id for w in self.workers if w.employment == "agency" and w.post}
        free = self._free(month, "permanent")
        free.sort(key=lambda post: post.post_id in covered)  # empty posts first
        for post in free:
            short = wanted - self._fte("permanent")
            if short < 0.25:
                return
            if post.ends_before(month + 6) or post.fte > short + 0.5 or post.role == "support":
                continue
            self.workers = [
                w for w in self.workers if not (w.employment == "agency" and w.post is post)
            ]
            day = self._day(month)
            origin = str(self.rng.choice(ORIGINS, p=(0.34, 0.3, 0.12, 0.14, 0.1)))
            qualified = day if origin == "newly qualified" else None
            worker = self._new_worker(
                "permanent", post, day, fte=self._contract(post), qualified=qualified
            )
            self._record("starter", worker, day, origin=origin)

    def _adjust_agency(self, month: pd.Period, wanted: float, number: int) -> None:
        cover = [w for w in self.workers if w.employment == "agency" and not w.is_project_team]
        for i in self.rng.permutation(len(cover)):
            if self._fte("agency") <= wanted + 0.4 and self.rng.random() > 0.03:
                continue
            self.workers.remove(cover[i])
        for post in self._free(month, "agency"):
            if self._fte("agency") >= wanted - 0.4:
                break
            if not post.ends_before(month + 2) and post.role != "support":
                self._new_worker("agency", post, self._day(month), fte=post.fte)
        self._adjust_project_team(month, number)

    def _adjust_project_team(self, month: pd.Period, number: int) -> None:
        if number == PROJECT_TEAM.start:
            for _ in range(PROJECT_TEAM_SIZE):
                self._new_worker("agency", None, self._day(month, last=5), fte=1.0,
                                 team="City Safeguarding", is_project_team=True)  # fmt: skip
        if number == PROJECT_TEAM.stop:
            self.workers = [w for w in self.workers if not w.is_project_team]
