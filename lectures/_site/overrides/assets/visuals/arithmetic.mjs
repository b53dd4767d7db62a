// How many machines, and what more of them are worth: the sums behind two figures.
import { divideUp } from "./storage.mjs";

// A rule multiplies the data by a factor. The memory that this asks for is divided by that of a
// machine, and rounded up: 100 GB × 8 on machines of 128 GB are 7, not 6. Sizes are whole numbers; a
// factor counts to its second digit, in whole numbers too, so that 1.1 × 100 is no hair above 110.
export function machines(data, factor, memory) {
  const hundredths = data * Math.round(100 * factor);
  return { needed: hundredths / 100, count: divideUp(hundredths, 100 * memory) };
}

// How many times as fast `workers` are as one, if `parallel` (0 to 1) of the work can be shared out.
export function speedup(parallel, workers) {
  return 1 / (1 - parallel + parallel / workers);
}

// What no number of workers exceeds.
export function limit(parallel) {
  return parallel === 1 ? null : 1 / (1 - parallel);
}
