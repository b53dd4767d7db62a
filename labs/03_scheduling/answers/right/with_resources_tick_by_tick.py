"""Looks at every moment in which something ends; adds up what runs each time."""


def with_resources(graph, cost, demand, workers):
    def fits(task, worker, running):
        taken = [demand[other] for other in running if plan[other][0] == worker]
        return all(
            sum(each.get(name, 0) for each in taken) + amount <= workers[worker].get(name, 0)
            for name, amount in demand[task].items()
        )

    plan, end, now = {}, {}, 0
    for task in graph:
        if not any(fits(task, worker, []) for worker in range(len(workers))):
            raise ValueError(task)
    while len(plan) < len(graph):
        running = {task for task in plan if end[task] > now}
        for task, needs in graph.items():
            if task in plan or any(end.get(d, now + 1) > now for d in needs):
                continue
            for worker in range(len(workers)):
                if fits(task, worker, running):
                    plan[task], end[task] = (worker, now), now + cost[task]
                    running.add(task)
                    break
        now = min(each for each in end.values() if each > now)
    return plan
