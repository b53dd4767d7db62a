// Python in a worker: it starts Pyodide, unpacks our Python beside it, and judges cells.
//
// It asks nobody but its own folder for files. The same file runs as a module worker in a browser
// and as a worker thread of Node, where the checks are proven. Messages in: `{number, order}`, the
// order as JSON for `live.judge`. Messages out: `{ready}` once, then `{number, answer}` for each.
import { loadPyodide } from "./pyodide.mjs";

const HOME = "/live";
const here = new URL(".", import.meta.url);
const inNode = typeof process === "object" && typeof process.versions?.node === "string";
const port = inNode ? (await import("node:worker_threads")).parentPort : self;

async function read(name) {
  const url = new URL(name, here);
  if (inNode) return new Uint8Array(await (await import("node:fs/promises")).readFile(url));
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${name}: ${response.status}`);
  return response.arrayBuffer();
}

async function start() {
  const indexURL = inNode ? (await import("node:url")).fileURLToPath(here) : here.href;
  const [python, ours] = await Promise.all([loadPyodide({ indexURL, stdout: () => {}, stderr: () => {} }), read("python.zip")]);
  python.unpackArchive(ours, "zip", { extractDir: HOME });
  python.runPython(`
import os, sys
sys.dont_write_bytecode = True
sys.path.insert(0, "${HOME}")
os.chdir("${HOME}/labs")
from lectures._site.live.judge import judge
`);
  return python.globals.get("judge");
}

const started = start();

port.addEventListener("message", async ({ data: { number, order } }) => {
  try {
    const judge = await started;
    port.postMessage({ number, answer: JSON.parse(judge(order)) });
  } catch (error) {
    port.postMessage({ number, fault: String(error.message ?? error) });
  }
});
port.start?.();

started.then(
  () => port.postMessage({ ready: true }),
  (error) => port.postMessage({ fault: String(error.message ?? error) }),
);
