import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { judge } from "@vigil/core";
import { runProbe } from "@vigil/probe";
import { describe, expect, it } from "vitest";
import { createLookup } from "../src/lookup.ts";
import { clientOf, serviceThat, useDatabase } from "./database.ts";
import { connect, ERAS, type Era, start } from "./harness.ts";
import { bundleScript, listen } from "./processes.ts";
import { DEPS, targetOf } from "./vigil.ts";

bundleScript("server");
const database = useDatabase();
const ITEMS = { table: "demo-items", keyName: "id" };

function serve(endpoint = database().endpoint) {
  return start({ lookup: createLookup({ dynamo: clientOf(endpoint), ...ITEMS }) });
}

const DENIED =
  "User: arn:aws:sts::123456789012:assumed-role/McpServerRole/McpServer is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:123456789012:table/demo-items because no identity-based policy allows the dynamodb:GetItem action";

/** DynamoDB to a role that may not read. */
const denying = () =>
  serviceThat((_request, response) => {
    response.writeHead(400, { "content-type": "application/x-amz-json-1.0" }).end(
      JSON.stringify({
        __type: "com.amazon.coral.service#AccessDeniedException",
        Message: DENIED,
      }),
    );
  });

const failed = (text: string) => ({ isError: true, content: [{ type: "text", text }] });

describe.each(ERAS)("lookup, in the %s era", (era) => {
  it("is listed where a table is configured, and only there", async () => {
    const names = async (url: string) => (await connect[era](url)).listTools();
    expect(await names((await serve()).url)).toEqual(["echo", "sentinel", "progress", "lookup"]);
    expect(await names((await start()).url)).toEqual(["echo", "sentinel", "progress"]);
  });

  it("reads an item by its key", async () => {
    const client = await connect[era]((await serve()).url);
    expect(await client.call("lookup", { key: "health" })).toMatchObject({
      content: [{ type: "text", text: '{"id":"health","state":"ok"}' }],
      structuredContent: { item: { id: "health", state: "ok" } },
    });
  });

  it.each([
    ["an item that is not there", { key: "nobody" }, "demo-items has no item whose id is nobody"],
    [
      "a table that is not there",
      { key: "health", table: "orders" },
      "ResourceNotFoundException: Requested resource not found",
    ],
    [
      "a table with another key",
      { key: "health", table: "demo-sessions" },
      "ValidationException: The provided key element does not match the schema",
    ],
  ])("fails as a tool for %s", async (_name, args, text) => {
    const client = await connect[era]((await serve()).url);
    expect(await client.call("lookup", args)).toMatchObject(failed(text));
  });

  it.each([{}, { key: "" }, { key: "health", table: "a/b" }])("refuses %j", async (args) => {
    const client = await connect[era]((await serve()).url);
    expect(await client.call("lookup", args)).toMatchObject({ isError: true });
  });

  it("passes on what the service refuses, and Vigil names the permission", async () => {
    const { url } = await serve(await denying());
    const client = await connect[era](url);
    const text = `AccessDeniedException: ${DENIED}`;
    expect(await client.call("lookup", { key: "health" })).toMatchObject(failed(text));
    expect(await failuresOf(url, era)).toMatchObject([
      { mode: "tool-permission-denied", evidence: { detail: "dynamodb:GetItem" } },
    ]);
  });
});

async function failuresOf(url: string, era: Era) {
  const sentinels = [{ tool: "lookup", arguments: { key: "health" }, expect: { contains: "ok" } }];
  const target = targetOf(url, { era, sentinels });
  const run = await runProbe(target, DEPS, {
    runId: DEPS.randomId(),
    deadline: DEPS.clock.monotonic() + target.runTimeoutMs,
    timeoutMs: target.clientTimeoutMs,
    eraHint: null,
    extras: [],
  });
  return judge(run, target).failures;
}

it("writes what JSON does not know in a way that it does", async () => {
  const dynamo = clientOf(database().endpoint);
  const Item = {
    id: "odd",
    tags: new Set(["a", "b"]),
    bytes: new Uint8Array([1, 2, 255]),
    count: 7,
    large: 9_007_199_254_740_993n,
  };
  await dynamo.send(new PutCommand({ TableName: ITEMS.table, Item }));
  const { url } = await listen({ ...database().env, LOOKUP_TABLE: ITEMS.table });
  const client = await connect.legacy(url);
  expect(await client.call("lookup", { key: "odd" })).toMatchObject({
    structuredContent: {
      item: { id: "odd", tags: ["a", "b"], bytes: "AQL/", count: 7, large: "9007199254740993" },
    },
  });
});
