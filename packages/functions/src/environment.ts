/** Where the function stands and what it writes to; set by the stack. */
export interface Environment {
  /** The region that the function runs in. */
  readonly vantage: string;
  /** The region of history, metrics and the pager. */
  readonly home: string;
  readonly tableName: string;
  readonly spillQueueUrl: string;
  /** Null where paging is not deployed. */
  readonly pagerFunction: string | null;
  /** Path of the resolved config, a JSON file in the bundle. */
  readonly configPath: string;
  readonly version: string;
}

const REQUIRED = {
  vantage: "AWS_REGION",
  home: "VIGIL_HOME",
  tableName: "VIGIL_TABLE",
  spillQueueUrl: "VIGIL_SPILL_QUEUE_URL",
  configPath: "VIGIL_CONFIG",
  version: "VIGIL_VERSION",
} as const satisfies Partial<Record<keyof Environment, string>>;

/** The function was deployed wrong; every mistake at once. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly code = "bad-environment";

  constructor(readonly problems: readonly string[]) {
    super(`The function's environment is wrong: ${problems.join("; ")}. Deploy it anew.`);
  }
}

/** @throws EnvironmentError */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const missing = Object.values(REQUIRED).filter((name) => !env[name]);
  if (missing.length > 0) throw new EnvironmentError(missing.map((name) => `${name} is not set`));
  const values = Object.entries(REQUIRED).map(([key, name]) => [key, env[name]]);
  return {
    ...(Object.fromEntries(values) as Record<keyof typeof REQUIRED, string>),
    pagerFunction: env["VIGIL_PAGER"] || null,
  };
}
