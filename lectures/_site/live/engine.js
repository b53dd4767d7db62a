// The worker with Python in it: started once, asked one thing at a time, replaced when it is ended.
//
// A cell is prepared before it is run: its untouched code is judged, and the verdict thrown away. So
// the tests and all that they import are there, also in a worker that replaces another one, and the
// seconds of a run are those of the reader's own code.
const PREPARING = 0; // the number of what is asked to prepare; runs count from 1

export class Engine {
  constructor(address) {
    this.address = address;
    this.number = PREPARING;
    this.orders = [];
    this.#start();
  }

  get busy() {
    return this.finish !== undefined;
  }

  prepare(order) {
    this.orders.push(order);
    this.#ask(this.worker, order);
  }

  // Resolves to `{answer}`, or to `{ended}`: "time", "stop", or what went wrong. The clock starts
  // when Python is ready.
  run(order, seconds) {
    const number = ++this.number;
    const worker = this.worker;
    const result = new Promise((resolve) => (this.finish = resolve));
    this.ready.then(
      () => {
        if (worker !== this.worker || number !== this.number) return;
        this.clock = setTimeout(() => this.#end("time"), 1000 * seconds);
        worker.postMessage({ number, order });
      },
      (error) => this.#settle({ ended: error.message }),
    );
    return result;
  }

  stop() {
    if (this.busy) this.#end("stop");
  }

  #start() {
    const worker = new Worker(this.address, { type: "module" });
    this.worker = worker;
    this.ready = new Promise((resolve, reject) => (this.step = { resolve, reject }));
    const fail = (text) => {
      if (worker !== this.worker) return;
      this.step.reject(new Error(text));
      if (this.busy) this.#end(text);
    };
    worker.onerror = (event) => fail(event.message ?? "its files could not be read");
    worker.onmessage = ({ data }) => {
      if (worker !== this.worker) return;
      if (data.fault) fail(data.fault);
      else if (data.ready || data.number === PREPARING) this.step.resolve();
      else if (data.number === this.number) this.#settle({ answer: data.answer });
    };
    for (const order of this.orders) this.#ask(worker, order);
    this.ready.catch(() => {});
  }

  // Put one more order to prepare between now and `ready`.
  #ask(worker, order) {
    this.ready = this.ready.then(
      () =>
        new Promise((resolve, reject) => {
          if (worker !== this.worker) return;
          this.step = { resolve, reject };
          worker.postMessage({ number: PREPARING, order });
        }),
    );
    this.ready.catch(() => {});
  }

  // Python cannot be interrupted from outside: its worker is killed, and another one starts.
  #end(why) {
    this.worker.terminate();
    this.#settle({ ended: why });
    this.#start();
  }

  #settle(result) {
    clearTimeout(this.clock);
    const finish = this.finish;
    this.finish = undefined;
    finish?.(result);
  }
}
