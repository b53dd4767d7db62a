"""Chooses among the workers with room the one with most threads left."""

from heapq import heappop, heappush


def with_resources(graph, cost, demand, workers):
    def fits(task, left):
        return all(left.get(name, 0) >= amount for name, amount in demand[task].items())

    if not all(any(fits(task, offer) for offer in workers) for task in graph):
        raise ValueError("some task fits nowhere")
    left = [dict(offer) for offer in workers]
    waits_for = {task: set(needs) for task, needs in graph.items()}
    running, plan, now = [], {}, 0
    while len(plan) < len(graph):
        for task in graph:
            if task in plan or waits_for[task]:
                continue
            open_to = [w for w in range(len(workers)) if fits(task, left[w])]
            if open_to:
                worker = max(open_to, key=lambda w: left[w].get("threads", 0))
                for name, amount in demand[task].items():
                    left[worker][name] = left[worker].get(name, 0) - amount
                plan[task] = (worker, now)
                heappush(running, (now + cost[task], task))
        if running:
            now = running[0][0]
        while running and running[0][0] == now:
            _, ended = heappop(running)
            for name, amount in demand[ended].items():
                left[plan[ended][0]][name] += amount
            for needs in waits_for.values():
                needs.discard(ended)
    return plan
