import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import type { Incident } from "@vigil/core";
import { describe, expect, it } from "vitest";
import { createHistory, INCIDENT_RETENTION_DAYS, type IncidentQuery } from "../src/index.ts";
import { minute } from "./fixtures.ts";
import { useTable } from "./sandbox.ts";

const table = useTable();

function incident(n: number, changes: Partial<Incident> = {}): Incident {
  return {
    target: "orders",
    vantage: "eu-west-1",
    openedAt: minute(n),
    closedAt: null,
    status: "down",
    modes: ["tools-empty"],
    summary: "tools/list returned no tools",
    remedy: "Look for an error while the tools were loaded.",
    runsFailed: 1,
    lastRunAt: minute(n),
    ...changes,
  };
}

const KEY = { pk: "TARGET#orders", sk: `INCIDENT#${minute(0)}#eu-west-1` };

function documents(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(table.database().client);
}

async function listed(query: IncidentQuery = {}): Promise<Incident[]> {
  const incidents: Incident[] = [];
  for await (const one of table.history().incidents("orders", query)) incidents.push(one);
  return incidents;
}

describe("incidents", () => {
  it.each([
    ["open", incident(0)],
    ["closed", incident(0, { closedAt: minute(9), lastRunAt: minute(9), status: "degraded" })],
    ["without a failure", incident(0, { summary: null, remedy: null, modes: [] })],
    ["with broken text from the server", incident(0, { summary: "\ud800 \u0000 \u001b[31m" })],
  ])("are kept as they are: %s", async (_name, one) => {
    expect(await table.history().putIncident(one)).toBe("written");
    expect(await listed()).toEqual([one]);
  });

  it("are not set back by an older run", async () => {
    const later = incident(0, { closedAt: minute(5), lastRunAt: minute(5) });
    await table.history().putIncident(incident(0));
    expect(await table.history().putIncident(later)).toBe("written");
    expect(await table.history().putIncident(incident(0, { lastRunAt: minute(4) }))).toBe("stale");
    expect(await table.history().putIncident(later)).toBe("written");
    expect(await listed()).toEqual([later]);
  });

  it("leave alone what others keep beside them, and expire after their last run", async () => {
    const TableName = table.tableName();
    await table.history().putIncident(incident(0));
    await documents().send(
      new UpdateCommand({
        TableName,
        Key: KEY,
        UpdateExpression: "SET acknowledgedBy = :who",
        ExpressionAttributeValues: { ":who": "ada" },
      }),
    );
    await table.history().putIncident(incident(0, { lastRunAt: minute(7), runsFailed: 8 }));
    const { Item } = await documents().send(new GetCommand({ TableName, Key: KEY }));
    expect(Item).toMatchObject({
      acknowledgedBy: "ada",
      status: "open",
      expiresAt: Date.parse(minute(7)) / 1_000 + INCIDENT_RETENTION_DAYS * 86_400,
    });
    expect(await listed()).toMatchObject([{ runsFailed: 8 }]);
  });

  it("keep what explains them, whatever their later runs say, and after their end", async () => {
    const history = table.history();
    const explained = { target: "orders", vantage: "eu-west-1", likelyCause: "timeout, and …" };
    expect(await history.explainIncident(explained)).toBe("absent");
    await history.putIncident(incident(0, { likelyCause: "what a vantage says of it" }));
    expect(await listed()).toEqual([incident(0)]);
    expect(await history.explainIncident(explained)).toBe("written");
    expect(await history.explainIncident(explained)).toBe("written");
    const open = await history.openIncident("orders", "eu-west-1");
    expect(open).toEqual(incident(0, { likelyCause: explained.likelyCause }));
    // A vantage that knows of another cause, or of none, changes nothing of it.
    await history.putIncident(incident(0, { lastRunAt: minute(1), likelyCause: "another" }));
    const closed = incident(0, { lastRunAt: minute(2), closedAt: minute(2) });
    await history.putIncident(closed);
    expect(await listed()).toEqual([{ ...closed, likelyCause: explained.likelyCause }]);
    expect(await history.explainIncident(explained)).toBe("absent");
    expect(await listed()).toHaveLength(1);
  });

  it.each<[string, IncidentQuery, string[]]>([
    ["all, newest first", {}, ["60 local", "60 eu-west-1", "30 eu-west-1", "0 local"]],
    ["of one vantage", { vantage: "local", order: "oldest" }, ["0 local", "60 local"]],
    ["opened in a time", { since: minute(30), until: minute(60) }, ["30 eu-west-1"]],
    ["at most so many", { limit: 1 }, ["60 local"]],
  ])("are listed: %s", async (_name, query, expected) => {
    const all = [
      incident(0, { vantage: "local" }),
      incident(30),
      incident(60),
      incident(60, { vantage: "local" }),
      incident(60, { target: "other" }),
    ];
    for (const one of all) await table.history().putIncident(one);
    const names = (await listed(query)).map(
      ({ openedAt, vantage }) =>
        `${(Date.parse(openedAt) - Date.parse(minute(0))) / 60_000} ${vantage}`,
    );
    expect(names).toEqual(expected);
  });

  it("are gone past when they cannot be read, and named", async () => {
    const Item = { ...KEY, incident: '{"target":"orders"}' };
    await documents().send(new PutCommand({ TableName: table.tableName(), Item }));
    expect(await listed()).toEqual([]);
    expect(table.unreadable).toEqual([{ ...KEY, reason: 'unexpected "vantage"' }]);
  });

  it("are gone when they have expired", async () => {
    await table.history().putIncident(incident(0));
    const { client } = table.database();
    const now = Date.parse(minute(0)) + INCIDENT_RETENTION_DAYS * 86_400_000;
    const history = createHistory({
      client,
      tableName: table.tableName(),
      clock: { now: () => now },
    });
    expect(await history.openIncident("orders", "eu-west-1")).toBeNull();
  });
});

describe("openIncident", () => {
  it.each<[string, readonly Incident[], Incident | null]>([
    ["none", [], null],
    ["the one that goes on", [incident(0)], incident(0)],
    ["none when the newest is closed", [incident(0, { closedAt: minute(1) })], null],
    [
      "not one that a later one has left behind",
      [incident(0), incident(3, { closedAt: minute(4) })],
      null,
    ],
    ["not another vantage's", [incident(0, { vantage: "local" })], null],
    [
      "this vantage's, though another's is newer",
      [incident(0), incident(3, { vantage: "local" })],
      incident(0),
    ],
  ])("is %s", async (_name, all, expected) => {
    for (const one of all) await table.history().putIncident(one);
    expect(await table.history().openIncident("orders", "eu-west-1")).toEqual(expected);
  });
});
