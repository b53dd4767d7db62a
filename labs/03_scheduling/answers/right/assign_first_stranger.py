"""Looks for the first free worker that holds no input, beside those that do."""

from heapq import heappop, heappush


def assign(graph, cost, move, workers):
    free, plan, version = [0] * workers, {}, [0] * workers
    heap = [(0, worker, 0) for worker in range(workers)]
    for task, needs in graph.items():
        holders = {plan[d][0] for d in needs}
        aside = []
        while heap and (heap[0][1] in holders or heap[0][2] < version[heap[0][1]]):
            entry = heappop(heap)
            if entry[2] == version[entry[1]]:
                aside.append(entry)
        candidates = holders | ({heap[0][1]} if heap else set())
        offers = []
        for worker in candidates:
            start = free[worker]
            for d in needs:
                arrival = plan[d][1] + cost[d]
                if plan[d][0] != worker:
                    arrival += move[d]
                start = max(start, arrival)
            offers.append((start, free[worker], worker))
        start, _, worker = min(offers)
        plan[task], free[worker] = (worker, start), start + cost[task]
        version[worker] += 1
        for entry in [*aside, (free[worker], worker, version[worker])]:
            heappush(heap, entry)
    return plan
