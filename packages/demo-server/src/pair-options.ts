import { parseArgs } from "node:util";
import { BALANCES, type Balance } from "./balancer.ts";

export const PAIR_SESSIONS = ["memory", "stateless", "dynamodb"] as const;
export type PairSessions = (typeof PAIR_SESSIONS)[number];

/** Beside the demo server of `npm start`, which takes 7331. */
const PAIR_PORT = 7341;

export interface PairOptions {
  readonly sessions: PairSessions;
  readonly balance: Balance;
  /** Of the balancer; 0 is any free port. */
  readonly port: number;
}

export const PAIR_USAGE = `Runs two demo servers behind one address, as Lambda runs two environments behind one URL, and shows
what becomes of a session when another environment gets the next request.

  npm run demo:pair                          sessions in the memory of each server: they get lost
  npm run demo:pair -- --sessions dynamodb   sessions in a table that both servers read: they do not

Options:
  --sessions KIND   memory, stateless or dynamodb (default memory); dynamodb brings its own, local one
  --balance KIND    request: each request goes to the next server (default)
                    connection: a connection keeps its server, as a client on Lambda mostly keeps its
                    environment; then only a second client shows what is lost
  --port N          where to listen (default ${PAIR_PORT}; 0 takes any free port)
`;

export type PairRead =
  | { readonly kind: "options"; readonly options: PairOptions }
  | { readonly kind: "help" }
  | { readonly kind: "problem"; readonly problem: string };

export function readPairOptions(argv: readonly string[]): PairRead {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        sessions: { type: "string", default: PAIR_SESSIONS[0] },
        balance: { type: "string", default: BALANCES[0] },
        port: { type: "string", default: String(PAIR_PORT) },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    return values.help ? { kind: "help" } : check(values);
  } catch (error) {
    const told = error instanceof Error ? error.message : String(error);
    return { kind: "problem", problem: `${told}\n\n${PAIR_USAGE}` };
  }
}

type Written = Readonly<Record<keyof PairOptions, string>>;

function check({ sessions, balance, port }: Written): PairRead {
  const kind = PAIR_SESSIONS.find((one) => one === sessions);
  if (kind === undefined) return unknown("--sessions", sessions, PAIR_SESSIONS);
  const by = BALANCES.find((one) => one === balance);
  if (by === undefined) return unknown("--balance", balance, BALANCES);
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    return { kind: "problem", problem: `--port ${port}: use a number from 0 to 65535` };
  }
  return { kind: "options", options: { sessions: kind, balance: by, port: Number(port) } };
}

function unknown(flag: string, value: string, known: readonly string[]): PairRead {
  return { kind: "problem", problem: `${flag} ${value}: use one of: ${known.join(", ")}` };
}
