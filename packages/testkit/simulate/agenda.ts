interface Entry {
  readonly at: number;
  readonly order: number;
  readonly act: () => void;
}

/** What is to happen, in the order of its time; at one time in the order in which it was entered. */
export class Agenda {
  readonly #heap: Entry[] = [];
  #entered = 0;
  /** Simulated time, epoch milliseconds. */
  now: number;

  constructor(startMs: number) {
    this.now = startMs;
  }

  at(time: number, act: () => void): void {
    this.#entered += 1;
    this.#heap.push({ at: Math.max(time, this.now), order: this.#entered, act });
    this.#rise(this.#heap.length - 1);
  }

  after(ms: number, act: () => void): void {
    this.at(this.now + ms, act);
  }

  /** Until nothing is left, or all that is left comes later. */
  run(untilMs: number): void {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.at > untilMs) return;
      this.#takeFirst();
      this.now = first.at;
      first.act();
    }
  }

  #takeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink();
  }

  #rise(from: number): void {
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  #sink(): void {
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const child = this.#isEarlier(right, left) ? right : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #isEarlier(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined) return false;
    return b === undefined || a.at < b.at || (a.at === b.at && a.order < b.order);
  }

  #swapIfEarlier(one: number, other: number): boolean {
    const [a, b] = [this.#heap[one], this.#heap[other]];
    if (a === undefined || b === undefined || !this.#isEarlier(one, other)) return false;
    this.#heap[one] = b;
    this.#heap[other] = a;
    return true;
  }
}
