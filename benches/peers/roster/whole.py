"""A week of a centre as one integer programme, given to a general solver.

    whole.py FILE (highs|cpsat) SECONDS [THREADS]

x: agent works shift on day (binary); y: how many of a skill group work a break pattern on a day (integer); flows
from the people at work to the skills; understaffing. Prints one line of JSON: what was found within the time.
"""

import json
import sys
import time

DAYS, INTERVALS, REST, UNDER = 7, 48, 22, 10


def read(path):
    with open(path, encoding="utf-8") as file:
        numbers = iter([int(word) for word in file.read().split()])
    agents, templates, groups, skills, _, _ = (next(numbers) for _ in range(6))
    masks = [next(numbers) for _ in range(groups)]
    shifts = []
    for _ in range(templates):
        start, length, patterns = next(numbers), next(numbers), next(numbers)
        works = []
        for _ in range(patterns):
            breaks = {next(numbers) for _ in range(next(numbers))}
            works.append([t for t in range(start, start + length) if t not in breaks])
        shifts.append((start, length, works))
    people = [[next(numbers) for _ in range(13)] for _ in range(agents)]
    need = [[[next(numbers) for _ in range(INTERVALS)] for _ in range(DAYS)] for _ in range(skills)]
    return masks, shifts, people, need


class Model:
    """Columns (low, high, integer, cost) and rows (low, high, entries)."""

    def __init__(self):
        self.columns, self.rows, self.constant = [], [], 0

    def column(self, high, integer, cost=0):
        self.columns.append((0, high, integer, cost))
        return len(self.columns) - 1

    def row(self, low, high, entries):
        self.rows.append((low, high, entries))


def build(masks, shifts, people, need):
    model = Model()
    most = len(people)
    x = {}
    for agent, (group, low, high, max_days, opens, closes, *available) in enumerate(people):
        for day in range(DAYS):
            for s, (start, length, _) in enumerate(shifts):
                if available[day] and start >= opens and start + length <= closes:
                    x[agent, day, s] = model.column(1, True)
        mine = {(d, s): c for (a, d, s), c in ((k, v) for k, v in x.items() if k[0] == agent)}
        model.row(2 * low, 2 * high, [(c, shifts[s][1]) for (_, s), c in mine.items()])
        model.row(0, max_days, [(c, 1) for c in mine.values()])
        for day in range(DAYS):
            model.row(0, 1, [(c, 1) for (d, _), c in mine.items() if d == day])
            for s, (start, length, _) in enumerate(shifts):
                early = [(c, 1) for (d, n), c in mine.items()
                         if d == day + 1 and shifts[n][0] + INTERVALS < start + length + REST]
                if early and (day, s) in mine:
                    model.row(0, 1, [(mine[day, s], 1)] + early)
    work = {}
    for group in range(len(masks)):
        members = [agent for agent, person in enumerate(people) if person[0] == group]
        for day in range(DAYS):
            for s, (_, _, patterns) in enumerate(shifts):
                given = [(x[a, day, s], -1) for a in members if (a, day, s) in x]
                if not given:
                    continue
                chosen = []
                for pattern in patterns:
                    y = model.column(len(members), True, len(pattern))
                    chosen.append((y, 1))
                    for t in pattern:
                        work.setdefault((group, day, t), []).append((y, -1))
                model.row(0, 0, chosen + given)
    for day in range(DAYS):
        for t in range(INTERVALS):
            flows = {}
            for group, mask in enumerate(masks):
                if (group, day, t) in work:
                    mine = {k: model.column(most, False) for k in range(len(need)) if mask >> k & 1}
                    model.row(None, 0, [(c, 1) for c in mine.values()] + work[group, day, t])
                    flows.update({(group, k): c for k, c in mine.items()})
            for k, required in enumerate(need):
                # idle = at work − (required − understaffing), so understaffing costs 10 and 1 more.
                short = model.column(required[day][t], False, UNDER + 1)
                into = [(c, 1) for (_, skill), c in flows.items() if skill == k]
                model.row(required[day][t], None, into + [(short, 1)])
                model.constant -= required[day][t]
    return model


def highs(model, seconds, threads):
    import highspy
    import numpy

    h = highspy.Highs()
    h.setOptionValue("output_flag", False)
    h.setOptionValue("time_limit", seconds)
    h.setOptionValue("threads", threads)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model.columns), len(model.rows)
    lp.col_cost_ = numpy.array([c[3] for c in model.columns], dtype=float)
    lp.col_lower_ = numpy.array([c[0] for c in model.columns], dtype=float)
    lp.col_upper_ = numpy.array([c[1] for c in model.columns], dtype=float)
    lp.integrality_ = [highspy.HighsVarType.kInteger if c[2] else highspy.HighsVarType.kContinuous
                       for c in model.columns]
    infinite = highspy.kHighsInf
    lp.row_lower_ = numpy.array([-infinite if r[0] is None else r[0] for r in model.rows], dtype=float)
    lp.row_upper_ = numpy.array([infinite if r[1] is None else r[1] for r in model.rows], dtype=float)
    lp.offset_ = float(model.constant)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = numpy.cumsum([0] + [len(r[2]) for r in model.rows]).astype(numpy.int32)
    lp.a_matrix_.index_ = numpy.array([c for r in model.rows for c, _ in r[2]], dtype=numpy.int32)
    lp.a_matrix_.value_ = numpy.array([v for r in model.rows for _, v in r[2]], dtype=float)
    h.passModel(lp)
    h.run()
    info = h.getInfo()
    found = info.primal_solution_status == 2
    return (info.objective_function_value if found else None), info.mip_dual_bound


def cpsat(model, seconds, threads):
    from ortools.sat.python import cp_model

    m = cp_model.CpModel()
    columns = [m.new_int_var(low, high, "") for low, high, _, _ in model.columns]
    for low, high, entries in model.rows:
        total = cp_model.LinearExpr.weighted_sum([columns[c] for c, _ in entries], [v for _, v in entries])
        if low is not None and low == high:
            m.add(total == low)
            continue
        if low is not None:
            m.add(total >= low)
        if high is not None:
            m.add(total <= high)
    costs = [(columns[at], column[3]) for at, column in enumerate(model.columns) if column[3]]
    m.minimize(cp_model.LinearExpr.weighted_sum([c for c, _ in costs], [v for _, v in costs]) + model.constant)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = threads
    status = solver.solve(m)
    found = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return (solver.objective_value if found else None), solver.best_objective_bound


def main():
    path, name, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    threads = int(sys.argv[4]) if len(sys.argv) > 4 else 2
    model = build(*read(path))
    started, spent = time.time(), time.process_time()
    objective, bound = {"highs": highs, "cpsat": cpsat}[name](model, seconds, threads)
    print(json.dumps({
        "solver": name,
        "columns": len(model.columns),
        "rows": len(model.rows),
        "objective": objective,
        "bound": bound if bound == bound and abs(bound) < 1e300 else None,
        "seconds": round(time.time() - started, 1),
        "cpu_seconds": round(time.process_time() - spent, 1),
    }))


if __name__ == "__main__":
    main()
