"""Which counts of people are withheld so that no sum gives one away, proved by linear programmes.

Teams add up to services and to localities, and those to the authority. A reader of all of them
can set up that system and bound what is withheld; here the same is done first, and more is
withheld until every withheld count could be at least :data:`SMALLEST_RANGE` more or less.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

import numpy as np
import pandas as pd

from wfanalytics.errors import WfanalyticsError

#: Fewest people between the lowest and the highest a reader can think a withheld count to be.
SMALLEST_RANGE = 3
#: Columns of one table of places that adds up: a measure at a date.
TABLE = ("base", "period_end", "period_type", "source")
#: Rounds of random objectives before each count is judged by itself.
_RANDOM_ROUNDS = 3
_TOLERANCE = 1e-6

Parents = Mapping[str, Mapping[str, str]]


def find_withheld_places(
    cells: pd.DataFrame,
    is_primary: pd.Series,
    *,
    parents: Parents,
    is_known: pd.Series | None = None,
) -> pd.Series:
    """Which cells are withheld: the primary ones, and as many more as keep each of them open.

    ``cells`` has :data:`TABLE`, ``area_level`` (service, locality, team), ``area_code`` and
    ``people``; ``parents`` maps each team's code to its ``service`` and ``locality``. Teams go
    before services and localities, small before large; a true 0 is withheld only where nothing
    else helps. Each table is decided by its own figures alone, so the same month is the same in
    every report. ``is_known`` marks cells an earlier report printed: withholding those protects
    nobody, so others are withheld. Where all parts are withheld and the total itself is under
    three, no more can be done.

    >>> cells = pd.DataFrame({"base": "agency", "period_end": 1, "period_type": "snapshot",
    ...     "source": "local", "area_level": "team", "area_code": list("abc"),
    ...     "people": [3.0, 9.0, 12.0]})
    >>> find_withheld_places(cells, cells["people"] < 5, parents={}).tolist()
    [True, True, False]
    """
    primary = is_primary.to_numpy(dtype=bool)
    known = np.zeros(len(cells), bool) if is_known is None else is_known.to_numpy(dtype=bool)
    hidden = primary & ~known
    table = cells.groupby(list(TABLE), sort=False).ngroup().to_numpy()
    is_open = np.isin(table, table[hidden])
    part = cells[is_open].reset_index(drop=True)
    if len(part):
        search = _Search(part, table[is_open], hidden[is_open], known[is_open], parents)
        hidden[is_open] = search.run()
    return pd.Series(hidden | primary, index=cells.index)


def list_equations(cells: pd.DataFrame, table: np.ndarray, *, parents: Parents) -> pd.DataFrame:
    """What a reader knows to add up: one row a cell and equation, with the cell's sign.

    Each level adds up to the authority, and the teams of a service or locality to its figure;
    where that has no row it counts as known.
    """
    level = cells["area_level"].to_numpy()
    code = cells["area_code"].to_numpy()
    whole = pd.DataFrame({"cell": np.arange(len(cells)), "table": table, "kind": "all " + level,
                          "place": "", "sign": 1.0})  # fmt: skip
    rows = [whole]
    is_team = level == "team"
    for kind, parent_of in parents.items():
        named = cells["area_code"].map(parent_of).to_numpy(dtype=object)
        for chosen, place, sign in ((is_team, named, 1.0), (level == kind, code, -1.0)):
            rows.append(pd.DataFrame({
                "cell": np.flatnonzero(chosen), "table": table[chosen], "kind": kind,
                "place": place[chosen], "sign": sign,
            }))  # fmt: skip
    known = pd.concat(rows, ignore_index=True).dropna(subset="place")
    return (
        known.assign(equation=known.groupby(["table", "kind", "place"], sort=False).ngroup())
        .assign(is_narrow=known["place"] != "")
        .drop(columns=["kind", "place"])
    )


class _Search:
    """The withheld cells of some tables, grown until each has its range."""

    def __init__(
        self,
        cells: pd.DataFrame,
        table: np.ndarray,
        hidden: np.ndarray,
        known: np.ndarray,
        parents: Parents,
    ) -> None:
        self.people = cells["people"].to_numpy(dtype=float)
        self.is_team = cells["area_level"].to_numpy() == "team"
        self.table = np.unique(table, return_inverse=True)[1]
        self.equations = list_equations(cells, self.table, parents=parents)
        self.hidden, self.known = hidden.copy(), known
        self.low, self.high = self.people.copy(), self.people.copy()
        #: Tables in which zeros are withheld too, so that nothing says a count is not 0.
        self.is_last = np.zeros(self.table.max() + 1, dtype=bool)

    def run(self) -> np.ndarray:
        """Withhold more where a withheld count can be bounded, until none can or all are."""
        self._pair_up()
        while True:
            failing = self._find_bounded()
            if not failing.any() or not self._hide_more(failing):
                return self.hidden

    def _pair_up(self) -> None:
        """Sums in which the withheld cells are too few or too small take the next smallest."""
        rows = self.equations
        while True:
            hidden = self.hidden[rows["cell"]]
            spare = pd.Series(np.where(hidden, self.people[rows["cell"]] - 1, 0.0))
            groups = rows["equation"].to_numpy()
            number = pd.Series(hidden.astype(int)).groupby(groups).transform("sum")
            room = spare.groupby(groups).transform("sum")
            weak = (number > 0) & ((number < 2) | (room < SMALLEST_RANGE))
            free = weak.to_numpy() & ~hidden & (self.people > 0)[rows["cell"]]
            free &= ~self.known[rows["cell"]]
            if not free.any():
                return
            # A place that serves all its weak totals at once goes before a smaller one that
            # serves one of them and leaves the others to take more.
            choice = rows[free].groupby("cell", as_index=False).agg(serves=("equation", "size"))
            cell = choice["cell"].to_numpy()
            choice = choice.assign(is_total=~self.is_team[cell], people=self.people[cell])
            choice = choice.sort_values(
                ["is_total", "serves", "people", "cell"], ascending=[True, False, True, True]
            )
            choice = choice.loc[~pd.Series(self.table[choice["cell"]], choice.index).duplicated()]
            self.hidden[choice["cell"].to_numpy()] = True

    def _hide_more(self, failing: np.ndarray) -> bool:
        """Withhold one step more in each table; False where nothing is left to withhold."""
        rows = self.equations
        tied = rows["equation"].isin(rows["equation"][failing[rows["cell"]] & rows["is_narrow"]])
        is_near = np.isin(np.arange(len(failing)), rows["cell"][tied])
        is_any = False
        for number in np.unique(self.table[failing]):
            inside = (self.table == number) & ~self.hidden & ~self.known
            filled = inside & (self.people > 0)
            if (filled & self.is_team).any():
                # A team under a total of the bounded one; first the smallest.
                teams = filled & self.is_team
                teams = teams & is_near if (teams & is_near).any() else teams
                smallest = np.flatnonzero(teams)[np.argmin(self.people[teams])]
                self.hidden[smallest] = True
            elif filled.any():
                smallest = np.flatnonzero(filled)[np.argmin(self.people[filled])]
                self.hidden[smallest] = True
            elif not self.is_last[number]:
                self.hidden |= inside
                self.is_last[number] = True
            else:
                continue
            is_any = True
        return is_any

    def _find_bounded(self) -> np.ndarray:
        """Withheld cells, other than true zeros, that a reader can bound too tightly."""
        judged = self.hidden & (self.people > 0)
        random = np.random.default_rng(0)
        asked = {True: np.zeros(len(judged), bool), False: np.zeros(len(judged), bool)}
        for rounds in count():
            wanted = judged & (self.high - self.low < SMALLEST_RANGE - _TOLERANCE)
            bounded = wanted & asked[True] & asked[False]
            # One such cell is enough to withhold more of its table.
            todo = wanted & ~np.isin(self.table, self.table[bounded])
            if not todo.any():
                return np.asarray(bounded)
            if rounds < _RANDOM_ROUNDS:
                goal = np.where(todo, random.choice([-1.0, 1.0], len(judged)), 0.0)
            else:
                first = np.flatnonzero(todo)
                first = first[np.unique(self.table[first], return_index=True)[1]]
                up = ~asked[True][first]
                goal = np.zeros(len(judged))
                goal[first] = np.where(up, 1.0, -1.0)
                asked[True][first[up]] = True
                asked[False][first[~up]] = True
            self._push(goal, self.hidden & np.isin(self.table, self.table[todo]))
        raise AssertionError("unreachable")

    def _push(self, goal: np.ndarray, cells: np.ndarray) -> None:
        """What the withheld cells can be, as far up ``goal`` as the sums allow."""
        lowest = np.where(self.is_last[self.table], 0.0, np.minimum(self.people, 1.0))
        steps = solve_steps(
            goal, cells=cells, equations=self.equations,
            down=np.minimum(self.people - lowest, SMALLEST_RANGE),
        )  # fmt: skip
        self.low = np.minimum(self.low, self.people + steps)
        self.high = np.maximum(self.high, self.people + steps)


def solve_steps(
    goal: np.ndarray, *, cells: np.ndarray, equations: pd.DataFrame, down: np.ndarray
) -> np.ndarray:
    """Changes of the withheld ``cells`` that leave every sum as it is, furthest up ``goal``.

    No cell goes below ``down`` less, or above :data:`SMALLEST_RANGE` more: longer steps prove
    nothing more. Sums of whole numbers in two directions have whole corners, so the answers are
    whole.

    Raises
    ------
    WfanalyticsError
        where HiGHS finds no answer; no change at all is one, so this is a fault.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    chosen = np.flatnonzero(cells)
    rows = equations[cells[equations["cell"].to_numpy()]]
    numbers = np.unique(rows["equation"], return_inverse=True)[1]
    places = np.searchsorted(chosen, rows["cell"].to_numpy())
    shape = (int(numbers.max()) + 1, len(chosen))
    sums = csr_array((rows["sign"].to_numpy(), (numbers, places)), shape=shape)
    answer = linprog(
        -goal[chosen], A_eq=sums, b_eq=np.zeros(shape[0]), method="highs-ds",
        bounds=np.column_stack([-down[chosen], np.full(len(chosen), SMALLEST_RANGE)]),
    )  # fmt: skip
    if answer.status != 0:
        raise WfanalyticsError(f"Withholding small counts failed: {answer.message}")
    steps = np.zeros(len(goal))
    steps[chosen] = answer.x
    return steps
