import { oauthClientCredentials, secret } from "@vigil/core";
import {
  guardBearer,
  type IssuerOptions,
  type RecordedRequest,
  type RunningServer,
  type Script,
  soundIssuer,
  soundLegacy,
  startServer,
} from "@vigil/testkit";
import type { ProbeDeps } from "../src/types.ts";
import type { Overrides } from "./harness.ts";

/** What these tests look for wherever it must not be. */
export const CLIENT_SECRET = "cl13nt-s3cret/47+11&x=y";
export const CLIENT_ID = "vigil-monitor";
export const tokenOf = (n: number) => `t0ken-numb3r-${n}-of-4711`;

export const CLIENT: IssuerOptions = {
  clientId: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  token: tokenOf,
};

/** Everything that is told as JSON holds the secret in none of the ways to send it. */
export function holdsSecret(requests: readonly RecordedRequest[]): boolean {
  const told = requests.map(({ path, headers, body }) => JSON.stringify({ path, headers, body }));
  const spellings = [
    CLIENT_SECRET,
    encodeURIComponent(CLIENT_SECRET),
    btoa(`${CLIENT_ID}:${CLIENT_SECRET}`),
  ];
  return told.some((text) => spellings.some((spelling) => text.includes(spelling)));
}

export const deps: Partial<ProbeDeps> = {
  secrets: async (reference) => (reference === "env:CLIENT_SECRET" ? CLIENT_SECRET : null),
};

/** Patient enough for a busy machine. */
const PATIENT = { clientTimeoutMs: 4_000, slowMs: 3_999 };
export const RUN = { deps, runTimeoutMs: 12_000 };

export function oauth(
  issuer: string,
  more: { readonly tokenEndpoint?: string; readonly scope?: string } = {},
): NonNullable<Overrides> {
  const clientSecret = secret("env:CLIENT_SECRET");
  const auth = oauthClientCredentials({ issuer, clientId: CLIENT_ID, clientSecret, ...more });
  return { auth, era: "legacy", ...PATIENT };
}

/** Servers of a test, closed behind it. */
export class Servers {
  readonly #all: RunningServer[] = [];

  async start(script: Script): Promise<RunningServer & { readonly origin: string }> {
    const server = await startServer(script);
    this.#all.push(server);
    return { ...server, origin: new URL(server.url).origin };
  }

  issuer(options: Partial<IssuerOptions> = {}) {
    return this.start(soundIssuer({ ...CLIENT, ...options }));
  }

  /** A sound MCP server for bearers of the given tokens: of any that the issuer gives, unless told. */
  guarded(accepts = (token: string) => token.startsWith("t0ken-numb3r-")) {
    return this.start(guardBearer(accepts, soundLegacy()));
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.splice(0).map((server) => server.close()));
  }
}
