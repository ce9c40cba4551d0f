/** The history table's keys, both strings, and its time to live: epoch seconds, then it is gone. */
export const HISTORY_ATTRIBUTES = { partition: "pk", sort: "sk", ttl: "expiresAt" } as const;

export type HistoryTableName =
  | { readonly kind: "named"; readonly name: string }
  | { readonly kind: "invalid-stage"; readonly message: string };

/** DynamoDB's. */
const MAX_TABLE_NAME = 255;
const STAGE = /^[a-z0-9-]+$/i;

/** The table that a stage's deployment keeps its history in. */
export function historyTableName(stage: string): HistoryTableName {
  const name = `vigil-${stage}-history`;
  return STAGE.test(stage) && name.length <= MAX_TABLE_NAME
    ? { kind: "named", name }
    : { kind: "invalid-stage", message: problemOf(stage, name.length - MAX_TABLE_NAME) };
}

function problemOf(stage: string, excess: number): string {
  return STAGE.test(stage)
    ? `The stage is ${excess} characters too long for a table's name. Use a shorter one.`
    : `The stage ${JSON.stringify(stage)} is not a name. Use letters, digits and hyphens only, such as production.`;
}
