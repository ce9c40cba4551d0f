/** How much may still be looked at: a hostile schema must not hold the monitor up. */
export class Steps {
  #left: number;
  #nested = 0;
  #spent = false;

  constructor(limit: number) {
    this.#left = limit;
  }

  /** False once there are none left. */
  take(): boolean {
    this.#left -= 1;
    if (this.#left < 0) this.#spent = true;
    return !this.#spent;
  }

  /** Runs `look` one level deeper; null when that is too deep, or no step is left. */
  deeper<T>(look: () => T): T | null {
    if (!this.take()) return null;
    if (this.#nested >= MAX_NESTED) {
      this.#spent = true;
      return null;
    }
    this.#nested += 1;
    try {
      return look();
    } finally {
      this.#nested -= 1;
    }
  }

  /** Something was left unread. */
  get spent(): boolean {
    return this.#spent;
  }

  get left(): number {
    return Math.max(0, this.#left);
  }
}

/** Deeper than any schema in use; less than any stack holds. */
const MAX_NESTED = 200;
