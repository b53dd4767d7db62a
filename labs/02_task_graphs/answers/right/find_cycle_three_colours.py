"""New, on the way, finished, with the way read back from who came from where."""


def find_cycle(graph):
    colour, came_from = dict.fromkeys(graph, "new"), {}
    for start in graph:
        stack = [start]
        while stack:
            task = stack[-1]
            if colour[task] != "new":
                stack.pop()
                colour[task] = "finished"
                continue
            colour[task] = "on the way"
            for dependency in graph[task]:
                if colour[dependency] == "on the way":
                    cycle = [task]
                    while cycle[-1] != dependency:
                        cycle.append(came_from[cycle[-1]])
                    return cycle[::-1]
                if colour[dependency] == "new":
                    came_from[dependency] = task
                    stack.append(dependency)
    return None
