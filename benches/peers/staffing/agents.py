"""What other packages answer, and how long they take.

Arguments: cases as calls/interval_s/aht_s/share/threshold_s. Prints one line of CSV for each case and package:
package, case, agents or the name of the error, microseconds of processor time. A case that goes on with
/patience_s/agents asks for Erlang A, which only turbotab computes: turbotab, case, agents, and the service level
and abandonment at the agents of the case.
"""

import sys
import time

# Long enough for the clock, short enough for the slow ones.
LEAST_SECONDS = 0.05
ROUNDS = 5


def pyworkforce(calls, interval, aht, share, threshold):
    from pyworkforce.queuing import ErlangC

    return ErlangC(transactions=calls, aht=aht, asa=threshold, interval=interval).required_positions(share)[
        "raw_positions"
    ]


def turbotab(calls, interval, aht, share, threshold):
    from mod_turbotab.agents.capacity import agents_required

    return agents_required(share, threshold, calls, aht, interval=interval)


def callcenterdim(calls, interval, aht, share, threshold):
    from callcenterdim.Dimensionamento import AgentsReq

    return AgentsReq(calls, interval / 60, aht, share, threshold)


def call_center_tools(calls, interval, aht, share, threshold):
    from call_center_tools import calc_staffing

    return calc_staffing(
        calls * 3600 / interval, aht, max_occupancy=1.0, target_answer_time=threshold, target_service_level=share
    ).agents


def wfmplan(calls, interval, aht, share, threshold):
    from wfmplan import Optimizer

    return Optimizer(exp_vol=calls, aht=aht, interval=interval, sla=share, st=threshold, method="sla").predict()["agent_req"]


def timed(ask):
    """Agents, and the least processor time of an answer in microseconds."""
    started = time.process_time()
    agents = ask()
    once = max(time.process_time() - started, 1e-7)
    times = max(1, int(LEAST_SECONDS / once))
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(times):
            ask()
        best = min(best, (time.process_time() - started) / times)
    return agents, best * 1e6


def main():
    for case in sys.argv[1:]:
        calls, interval, aht, share, threshold, *with_patience = (float(part) for part in case.split("/"))
        if with_patience:
            print(impatient(case, calls, interval, aht, share, threshold, *with_patience))
            continue
        for ask in (pyworkforce, turbotab, callcenterdim, call_center_tools, wfmplan):
            try:
                agents, microseconds = timed(lambda: ask(calls, interval, aht, share, threshold))
                print(f"{ask.__name__},{case},{agents},{microseconds:.3f}")
            except Exception as error:  # whatever a package throws is its answer
                print(f"{ask.__name__},{case},{type(error).__name__},")


def impatient(case, calls, interval, aht, share, threshold, patience, agents):
    """The answer with patience, and the service level and abandonment at the number of agents given."""
    from mod_turbotab.agents.capacity import agents_required
    from mod_turbotab.calculations.erlang import erlang_a

    found = erlang_a(agents, calls * aht / interval, patience, aht)
    answer = agents_required(share, threshold, calls, aht, interval=interval, patience=patience)
    return f"turbotab,{case},{answer},{found['sla'](threshold)},{found['abandon_rate']}"


if __name__ == "__main__":
    main()
