import type { BatchGetItemInput } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { type HourRollup, hourOf } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { createHistory, HistoryError, ROLLUP_RETENTION_DAYS } from "../src/index.ts";
import { healthyRun, minute } from "./fixtures.ts";
import { useTable } from "./sandbox.ts";

const table = useTable();
const RANGE = { since: minute(30), until: minute(150) };
const SERIES = ["a", "b"].flatMap((target) =>
  ["local", "eu-west-1"].map((vantage) => ({ target, vantage })),
);

async function write(target: string, vantage: string, minutes: readonly number[]): Promise<void> {
  for (const at of minutes) {
    await table.history().recordRun(healthyRun({ target, vantage, scheduledAt: minute(at) }));
  }
}

const sorted = (hours: readonly HourRollup[]) =>
  [...hours].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

describe("hours of many series at once", () => {
  it("are those that each target's own listing has", async () => {
    await write("a", "local", [20, 40, 70, 130, 190]);
    await write("a", "eu-west-1", [70]);
    await write("b", "local", [0]);
    await write("c", "local", [40]);
    const listed = await Promise.all(
      ["a", "b"].map(async (target) => {
        const hours: HourRollup[] = [];
        for await (const hour of table.history().rollups(target, RANGE)) hours.push(hour);
        return hours;
      }),
    );
    const found = await table.history().rollupsAtOnce(SERIES, RANGE);
    expect(found.map(({ target, hour, vantage }) => `${target} ${hour} ${vantage}`).sort()).toEqual(
      [
        `a ${hourOf(minute(30))} local`,
        `a ${hourOf(minute(70))} eu-west-1`,
        `a ${hourOf(minute(70))} local`,
        `a ${hourOf(minute(130))} local`,
        `b ${hourOf(minute(0))} local`,
      ],
    );
    expect(sorted(found)).toEqual(sorted(listed.flat()));
  });

  it.each([
    ["of nobody", [], RANGE],
    ["of no time", SERIES, { since: minute(60), until: minute(60) }],
    ["backwards", SERIES, { since: minute(180), until: minute(60) }],
  ])("are none %s", async (_, series, range) => {
    await write("a", "local", [70]);
    expect(await table.history().rollupsAtOnce(series, range)).toEqual([]);
  });

  it("are more than DynamoDB hands out at once", async () => {
    const series = Array.from({ length: 130 }, (_, n) => ({ target: `t${n}`, vantage: "local" }));
    await write("t0", "local", [70]);
    await write("t129", "local", [70]);
    const found = await table.history().rollupsAtOnce(series, RANGE);
    expect(found.map(({ target }) => target).sort()).toEqual(["t0", "t129"]);
  });

  it("leave out what cannot be read, and name it", async () => {
    const key = { pk: "TARGET#a", sk: `HOUR#${hourOf(minute(70))}#local` };
    const documents = DynamoDBDocumentClient.from(table.database().client);
    await documents.send(new PutCommand({ TableName: table.tableName(), Item: key }));
    expect(await table.history().rollupsAtOnce(SERIES, RANGE)).toEqual([]);
    expect(table.unreadable).toEqual([{ ...key, reason: 'no "seen"' }]);
  });

  it("leave out what has expired", async () => {
    await write("a", "local", [70]);
    const expiry = Date.parse(hourOf(minute(70))) + ROLLUP_RETENTION_DAYS * 86_400_000;
    const countAt = async (now: number) => {
      const { client } = table.database();
      const clock = { now: () => now };
      const history = createHistory({ client, tableName: table.tableName(), clock });
      return (await history.rollupsAtOnce(SERIES, RANGE)).length;
    };
    expect([await countAt(expiry - 1), await countAt(expiry)]).toEqual([1, 0]);
  });
});

describe("what DynamoDB did not hand out", () => {
  it("is asked for again", async () => {
    await write("a", "local", [40, 70]);
    const found = await holdingBack(3, () => table.history().rollupsAtOnce(SERIES, RANGE));
    expect(found).toHaveLength(2);
  });

  it("fails the reading when it never comes", async () => {
    await write("a", "local", [40]);
    const reading = holdingBack(1_000, () => table.history().rollupsAtOnce(SERIES, RANGE));
    await expect(reading).rejects.toThrow(HistoryError);
    await expect(reading).rejects.toMatchObject({ code: "history-unavailable" });
  });

  it("says of a table that is not there that it is missing", async () => {
    const { client } = table.database();
    const history = createHistory({ client, tableName: "elsewhere", clock: Date });
    await expect(history.rollupsAtOnce(SERIES, RANGE)).rejects.toMatchObject({
      code: "history-table-missing",
    });
  });
});

/** DynamoDB's answers as it gives them under load: the first so many hold back all that was asked for. */
async function holdingBack<T>(answers: number, use: () => Promise<T>): Promise<T> {
  const { middlewareStack } = table.database().client;
  const name = "holdingBack";
  let left = answers;
  middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if (!String(context.commandName).startsWith("BatchGet")) return answer;
      left -= 1;
      if (left < 0) return answer;
      const { RequestItems = {} } = args.input as BatchGetItemInput;
      const { Keys = [] } = RequestItems[table.tableName()] ?? {};
      const kept = Keys.map((key) => ({ pk: key["pk"]?.S, sk: key["sk"]?.S }));
      const UnprocessedKeys = { [table.tableName()]: { Keys: kept } };
      Object.assign(answer.output as object, { Responses: {}, UnprocessedKeys });
      return answer;
    },
    { step: "deserialize", priority: "high", name },
  );
  try {
    return await use();
  } finally {
    middlewareStack.remove(name);
  }
}
