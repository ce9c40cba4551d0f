import type { Clock, OutgoingPage } from "@vigil/core";

/** The waits before each further try; after that a page is lost, and said to be. */
const RETRY_MS = [2_000, 10_000, 30_000, 60_000, 120_000];
const ANSWER_WITHIN_MS = 5_000;

export interface WebhookOptions {
  readonly urls: readonly string[];
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  /** A sentence. Addresses, which may hold a key, are shortened to their origin. */
  readonly onTrouble: (text: string) => void;
}

/** Posts pages to whoever takes them, each address at its own pace and in order. */
export interface Webhooks {
  readonly shown: readonly string[];
  send(page: OutgoingPage): void;
  /** Gives up what is still to be tried, and says how many pages that is. */
  stop(): void;
}

export function createWebhooks({ urls, ...options }: WebhookOptions): Webhooks {
  const hooks = urls.map((url) => new Hook(url, options));
  return {
    shown: urls.map(shown),
    send(page) {
      for (const hook of hooks) void hook.send(page.message.https);
    },
    stop() {
      for (const hook of hooks) hook.stop();
    },
  };
}

function shown(url: string): string {
  return new URL(url).origin;
}

type Posted =
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly reason: string }
  /** Worth another try. */
  | { readonly kind: "failed"; readonly reason: string };

/** One post of a page's body. Never rejects. */
export async function postPage(
  url: string,
  body: string,
  { fetch }: Pick<WebhookOptions, "fetch">,
): Promise<Posted> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ANSWER_WITHIN_MS);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "user-agent": "vigil" },
      body,
      // A page tells much; it goes nowhere that the operator did not name.
      redirect: "manual",
      signal: patience.signal,
    });
    await response.body?.cancel();
    if (response.ok) return { kind: "taken" };
    const reason = `HTTP ${response.status}`;
    return mayPass(response.status) ? { kind: "failed", reason } : { kind: "refused", reason };
  } catch (error) {
    const name = error instanceof Error ? error.name : "unknown";
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : null;
    const code = cause !== null && "code" in cause ? String(cause.code) : null;
    return { kind: "failed", reason: code ?? name };
  } finally {
    clearTimeout(timer);
  }
}

/** The server's own failure, too many requests, or a time-out. */
function mayPass(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

class Hook {
  readonly #url: string;
  readonly #options: Omit<WebhookOptions, "urls">;
  readonly #waiting: string[] = [];
  #going = false;
  #stopped = false;
  #wake: () => void = () => undefined;

  constructor(url: string, options: Omit<WebhookOptions, "urls">) {
    this.#url = url;
    this.#options = options;
  }

  async send(body: string): Promise<void> {
    this.#waiting.push(body);
    if (this.#going) return;
    this.#going = true;
    for (let next = this.#next(); next !== null; next = this.#next()) {
      await this.#deliver(next);
      if (!this.#stopped) this.#waiting.shift();
    }
    this.#going = false;
  }

  stop(): void {
    this.#stopped = true;
    this.#wake();
    const { length } = this.#waiting;
    if (length === 0) return;
    const pages = length === 1 ? "1 page" : `${length} pages`;
    this.#tell(`has not taken ${pages} yet, and no more tries are made`);
  }

  #next(): string | null {
    return this.#stopped ? null : (this.#waiting[0] ?? null);
  }

  /** Says so when it fails at first, and when it is given up. */
  async #deliver(body: string): Promise<void> {
    const posted = await postPage(this.#url, body, this.#options);
    if (posted.kind === "taken") return;
    if (posted.kind === "refused") return this.#lost(posted.reason);
    this.#tell(`did not take a page (${posted.reason}); it is tried again`);
    let { reason } = posted;
    for (const waitMs of RETRY_MS) {
      await this.#pause(waitMs);
      if (this.#stopped) return;
      const again = await postPage(this.#url, body, this.#options);
      if (again.kind === "taken") return;
      ({ reason } = again);
    }
    this.#lost(reason);
  }

  #lost(reason: string): void {
    this.#tell(`does not take a page (${reason}); it is not sent there any more`);
  }

  #tell(what: string): void {
    this.#options.onTrouble(`${shown(this.#url)} ${what}.`);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(ms, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}
