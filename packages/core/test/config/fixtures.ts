import { parseConfig, type Target } from "../../src/config/index.ts";

/** Configs and parts of them that the tables of this folder share. */

/** Stands for a secret that an operator wrote where it does not belong. */
export const SECRET = "hunter2-Kq9vX3";
export const TOKEN = { secret: "env:TOKEN" };
export const LAMBDA_URL = "https://abc.lambda-url.us-east-1.on.aws/mcp";

export const OAUTH = {
  type: "oauthClientCredentials",
  issuer: "https://auth.example.com",
  clientId: "vigil",
  clientSecret: { secret: "secretsmanager:vigil/orders" },
};

const TARGET = { name: "orders", url: "https://orders.example.com/mcp" };

/** The least that makes a config. */
export const GOOD = { targets: [TARGET] };

/** A good config but for what is given. */
export function withTarget(target: object, config: object = {}): unknown {
  return { ...config, targets: [{ ...TARGET, ...target }] };
}

export interface BadRow {
  readonly name: string;
  readonly input: unknown;
  /** Path, problem, fix. */
  readonly finding: readonly [string, string, string];
}

/** A refusal with this one finding. */
export function asFindings([path, problem, fix]: BadRow["finding"]): unknown {
  return { ok: false, findings: [{ path, problem, fix }] };
}

/** A target of which its config says nothing but name and URL. */
export const BARE: Target = {
  name: "orders",
  url: "https://orders.example.com/mcp",
  region: null,
  allowSameRegion: false,
  tags: [],
  owner: null,
  severity: "critical",
  runbook: null,
  lambda: null,
  era: "auto",
  auth: { type: "none" },
  headers: {},
  clientTimeoutMs: 10_000,
  runTimeoutMs: 15_000,
  slowMs: 3_000,
  maxResponseBytes: 1_048_576,
  confirm: { delaysMs: [2_000, 6_000], withinMs: 20_000 },
  expect: {
    tools: [],
    minTools: 1,
    minProtocolVersion: null,
    cors: null,
    getStream: false,
    unauthenticated: null,
  },
  sentinels: [],
  stream: null,
  concurrency: null,
  maintenance: [],
};

export interface GoodRow {
  readonly name: string;
  readonly written: object;
  readonly config?: object;
  /** Where it differs from {@link BARE}. */
  readonly differs: Partial<Target>;
}

/** The row's target as it was resolved, or what was found wrong with it. */
export function resolved({ written, config }: GoodRow): unknown {
  const read = parseConfig(withTarget(written, config));
  return read.ok ? read.config.targets : read.findings;
}
