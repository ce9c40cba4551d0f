import { isRegion } from "@vigil/core";

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

interface Variable {
  readonly name: string;
  /** Of a value that is not right only this is told, never the value: it may be a secret. */
  readonly wanted: string;
  readonly isRight: (value: string) => boolean;
}

const REGION = { wanted: "an AWS region", isRight: isRegion };
const ANYTHING = { wanted: "anything", isRight: () => true };

const REQUIRED = {
  vantage: { name: "AWS_REGION", ...REGION },
  home: { name: "VIGIL_HOME", ...REGION },
  tableName: {
    name: "VIGIL_TABLE",
    wanted: "the name of a DynamoDB table",
    isRight: (value) => /^[\w.-]{3,255}$/.test(value),
  },
  spillQueueUrl: {
    name: "VIGIL_SPILL_QUEUE_URL",
    wanted: "the URL of an SQS queue",
    isRight: (value) => /^https?:\/\/[^/\s]+\/\S+$/.test(value),
  },
  configPath: { name: "VIGIL_CONFIG", ...ANYTHING },
  version: { name: "VIGIL_VERSION", ...ANYTHING },
} as const satisfies Partial<Record<keyof Environment, Variable>>;

const PAGER: Variable = {
  name: "VIGIL_PAGER",
  wanted: "the name or ARN of a Lambda function",
  isRight: (value) => /^[\w:$-]{1,170}$/.test(value),
};

const PAGER_OWN = {
  topicArn: {
    name: "VIGIL_PAGES_TOPIC",
    wanted: "the ARN of an SNS topic",
    isRight: (value) => /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/.test(value),
  },
  stage: { name: "VIGIL_STAGE", ...ANYTHING },
} as const satisfies Record<string, Variable>;

/** What only the pager has: whom it tells, and the stage that commands in a page ask. */
export type PagerEnvironment = Readonly<Record<keyof typeof PAGER_OWN, string>>;

/** The function was deployed wrong; every mistake at once. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
  readonly code = "bad-environment";

  constructor(readonly problems: readonly string[]) {
    super(`The function's environment is wrong: ${problems.join("; ")}. Deploy it anew.`);
  }
}

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws EnvironmentError */
export function readEnvironment(env: Variables): Environment {
  const problems = [
    ...Object.values(REQUIRED).flatMap((variable) => problemsOf(variable, env)),
    ...(env[PAGER.name] ? problemsOf(PAGER, env) : []),
  ];
  if (problems.length > 0) throw new EnvironmentError(problems);
  const values = Object.entries(REQUIRED).map(([key, { name }]) => [key, env[name]]);
  return {
    ...(Object.fromEntries(values) as Record<keyof typeof REQUIRED, string>),
    pagerFunction: env[PAGER.name] || null,
  };
}

/** @throws EnvironmentError */
export function readPagerEnvironment(env: Variables): PagerEnvironment {
  const problems = Object.values(PAGER_OWN).flatMap((variable) => problemsOf(variable, env));
  if (problems.length > 0) throw new EnvironmentError(problems);
  const values = Object.entries(PAGER_OWN).map(([key, { name }]) => [key, env[name]]);
  return Object.fromEntries(values) as PagerEnvironment;
}

function problemsOf({ name, wanted, isRight }: Variable, env: Variables): readonly string[] {
  const value = env[name];
  if (!value) return [`${name} is not set`];
  return isRight(value) ? [] : [`${name} is not ${wanted}`];
}
