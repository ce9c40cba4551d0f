/** Where `npm start` runs the demo server. */
export const DEMO_PORT = 7331;
const ANSWER_WITHIN_MS = 5_000;

export type AdminAnswer =
  | { readonly ok: true; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problem: string };

export interface AdminCall {
  readonly port: number;
  readonly path: string;
  /** Null only asks. */
  readonly body: object | null;
  /** The member that the demo server's answer has, and no other server's. */
  readonly member: string;
}

/** Asks or tells a demo server on this machine something. */
export async function callAdmin({ port, path, body, member }: AdminCall): Promise<AdminAnswer> {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), ANSWER_WITHIN_MS);
  const { signal } = patience;
  const post = { method: "POST", headers: { "content-type": "application/json" } };
  const init = body === null ? { signal } : { signal, ...post, body: JSON.stringify(body) };
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const answer = (await response.json()) as Readonly<Record<string, unknown>>;
    if (response.ok && answer[member] !== undefined) return { ok: true, answer };
    const { error } = answer;
    const unlike = `HTTP ${response.status}: is this the demo server?`;
    return { ok: false, problem: typeof error === "string" ? error : unlike };
  } catch {
    const problem = `no demo server answers on port ${port}. Start one with \`npm start\`, or give its port: --port N`;
    return { ok: false, problem };
  } finally {
    clearTimeout(timer);
  }
}

/** Null for what is no port. */
export function portOf(text: string | undefined): number | null {
  const port = Number(text ?? DEMO_PORT);
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : null;
}
