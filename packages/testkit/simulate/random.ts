/** Standard normal value that 95 % lie below. */
const Z95 = 1.644_854;

/** Numbers that look random and are the same for a seed, on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to 1; Tommy Ettinger's mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  uniform(from: number, to: number): number {
    return from + (to - from) * this.next();
  }

  /** A whole number, both ends among them. */
  whole(from: number, to: number): number {
    return Math.floor(this.uniform(from, to + 1));
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  /** Skewed to the right, as times of answers are: half lie below `median`, 95 % below `p95`. */
  skewed(median: number, p95: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * (p95 / median) ** (normal / Z95);
  }
}
