// The worker with Python in it: started once, asked one thing at a time, replaced when it is ended.
export class Engine {
  constructor(address) {
    this.address = address;
    this.number = 0;
    this.#start();
  }

  get busy() {
    return this.finish !== undefined;
  }

  // Resolves to `{answer}`, or to `{ended}`: "time", "stop", or what went wrong. The clock starts
  // when Python is ready.
  async run(order, seconds) {
    const number = ++this.number;
    const result = new Promise((resolve) => (this.finish = resolve));
    const worker = this.worker;
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
    this.ready = new Promise((resolve, reject) => {
      const fail = (text) => {
        reject(new Error(text));
        if (worker === this.worker && this.busy) this.#end(text);
      };
      worker.onerror = (event) => fail(event.message ?? "its files could not be read");
      worker.onmessage = ({ data }) => {
        if (data.ready) resolve();
        else if (data.fault) fail(data.fault);
        else if (data.number === this.number) this.#settle({ answer: data.answer });
      };
    });
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
