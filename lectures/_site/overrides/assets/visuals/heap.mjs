// Heaps of lists of numbers, least list first, as Python's `heapq` keeps them: a list is less than
// another one by the first number in which the two differ.
export function less(left, right) {
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return left[i] < right[i];
  return false;
}

export function push(heap, item) {
  let at = heap.push(item) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (!less(item, heap[above])) break;
    heap[at] = heap[above];
    at = above;
  }
  heap[at] = item;
}

export function pop(heap) {
  const first = heap[0];
  const item = heap.pop();
  if (heap.length) sink(heap, item);
  return first;
}

function sink(heap, item) {
  let at = 0;
  for (;;) {
    let below = 2 * at + 1;
    if (below + 1 < heap.length && less(heap[below + 1], heap[below])) below++;
    if (below >= heap.length || !less(heap[below], item)) break;
    heap[at] = heap[below];
    at = below;
  }
  heap[at] = item;
}
