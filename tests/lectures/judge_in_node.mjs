// Judges orders with the very worker that the pages start, in Node.
//   node judge_in_node.mjs WORKER < orders.json > answers.json
// Both are objects by name. An order that ends the worker has `{fault}` for an answer.
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

const orders = JSON.parse(await text(process.stdin));
const worker = new Worker(pathToFileURL(process.argv[2]));
const [started] = await once(worker, "message");
if (!started.ready) throw new Error(started.fault);
const answers = {};
for (const [number, [name, order]] of Object.entries(orders).entries()) {
  worker.postMessage({ number, order: JSON.stringify(order) });
  const [{ answer, fault }] = await once(worker, "message");
  answers[name] = answer ?? { fault };
}
await worker.terminate();
process.stdout.write(JSON.stringify(answers));
