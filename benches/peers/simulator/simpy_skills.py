"""Three call types, 200 agents in six groups, preference lists, patience: calls per CPU second of simpy.

No breaks and no statistics by interval, which makes it easier than what the product simulates. Arguments: half hours.
"""

import json
import random
import sys
import time
from collections import deque

import simpy

CALLS = [1300, 700, 350]
AHT = [80.0, 180.0, 320.0]
PATIENCE = 180.0
ROUTING = [[0, 3, 5], [1, 3, 4, 5], [2, 4, 5]]
SKILLS = [[0], [1], [2], [1, 0], [2, 1], [2, 1, 0]]
AGENTS = [50, 50, 45, 20, 20, 15]


class Centre:
    def __init__(self, env, half_hours):
        self.env = env
        self.until = half_hours * 1800.0
        self.idle = list(AGENTS)
        self.queues = [deque() for _ in CALLS]
        self.offered = self.good = self.lost = 0

    def arrivals(self, kind):
        rate = CALLS[kind] / 1800.0
        while True:
            yield self.env.timeout(random.expovariate(rate))
            if self.env.now >= self.until:
                return
            self.env.process(self.call(kind))

    def call(self, kind):
        env = self.env
        self.offered += 1
        arrived = env.now
        group = next((g for g in ROUTING[kind] if self.idle[g]), None)
        if group is None:
            answered = env.event()
            entry = (arrived, answered)
            self.queues[kind].append(entry)
            yield answered | env.timeout(random.expovariate(1 / PATIENCE))
            if not answered.triggered:
                self.queues[kind].remove(entry)
                self.lost += 1
                return
            group = answered.value
        else:
            self.idle[group] -= 1
        if env.now - arrived <= 20:
            self.good += 1
        yield env.timeout(random.expovariate(1 / AHT[kind]))
        waiting = [k for k in SKILLS[group] if self.queues[k]]
        if waiting:
            first = min(waiting, key=lambda k: self.queues[k][0][0])
            self.queues[first].popleft()[1].succeed(group)
        else:
            self.idle[group] += 1


random.seed(1)
env = simpy.Environment()
centre = Centre(env, int(sys.argv[1]))
for kind in range(len(CALLS)):
    env.process(centre.arrivals(kind))
started = time.process_time()
env.run()
seconds = time.process_time() - started
print(json.dumps({"calls": centre.offered, "seconds": seconds, "service_level": centre.good / centre.offered}))
