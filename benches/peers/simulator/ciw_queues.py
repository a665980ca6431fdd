"""The same calls and the same number of agents in ciw, which knows no skill groups: three separate queues with reneging.

Arguments: half hours.
"""

import json
import sys
import time

import ciw

CALLS = [1300, 700, 350]
AHT = [80.0, 180.0, 320.0]
PATIENCE = 180.0
AGENTS = [62, 74, 64]

network = ciw.create_network(
    arrival_distributions=[ciw.dists.Exponential(calls / 1800.0) for calls in CALLS],
    service_distributions=[ciw.dists.Exponential(1 / seconds) for seconds in AHT],
    number_of_servers=AGENTS,
    reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE) for _ in CALLS],
    routing=[[0.0] * len(CALLS) for _ in CALLS],
)
ciw.seed(1)
simulation = ciw.Simulation(network)
started = time.process_time()
simulation.simulate_until_max_time(int(sys.argv[1]) * 1800.0)
seconds = time.process_time() - started
records = simulation.get_all_records()
good = sum(1 for one in records if one.record_type == "service" and one.waiting_time <= 20)
print(json.dumps({"calls": len(records), "seconds": seconds, "service_level": good / len(records)}))
