import { describe, expect, it } from "vitest";
import { type ReadOptions, readEventData, readJsonBody } from "../src/index.ts";

const OPTIONS: ReadOptions = { id: 1, acceptNullId: false, acceptBatch: true };
const ANSWER = '{"jsonrpc":"2.0","id":1,"result":{"a":1}}';

describe("readJsonBody", () => {
  it.each([
    ["an answer", ANSWER, "result"],
    ["an answer in a one-element array", `[${ANSWER}]`, "result"],
    ["a notification before the answer", `[{"jsonrpc":"2.0","method":"n"},${ANSWER}]`, "result"],
    ["an error", '{"jsonrpc":"2.0","id":1,"error":{"code":-32601,"message":"no"}}', "error"],
    ["nothing", "", "none"],
    ["blank space", " \n", "none"],
    ["cut JSON", ANSWER.slice(0, -1), "malformed"],
    ["HTML", "<html></html>", "malformed"],
    ["a string", '"Hello from Lambda!"', "foreign"],
    ["another API's object", '{"message":"hello"}', "foreign"],
    ["an array of other things", "[1,2]", "foreign"],
    ["JSON-RPC 1.0", '{"jsonrpc":"1.0","id":1,"result":{}}', "invalid"],
    ["another id", '{"jsonrpc":"2.0","id":2,"result":{}}', "invalid"],
    ["the id as text", '{"jsonrpc":"2.0","id":"1","result":{}}', "invalid"],
    ["no id", '{"jsonrpc":"2.0","result":{}}', "invalid"],
    ["neither result nor error", '{"jsonrpc":"2.0","id":1}', "invalid"],
    ["both", '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}', "invalid"],
    ["a result that is no object", '{"jsonrpc":"2.0","id":1,"result":[]}', "invalid"],
    ["a member that no SDK accepts", '{"jsonrpc":"2.0","id":1,"result":{},"x":1}', "invalid"],
    [
      "an error code that is text",
      '{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":""}}',
      "invalid",
    ],
    ["a bad element beside the answer", `[{"jsonrpc":"2.0"},${ANSWER}]`, "invalid"],
    ["only a request from the server", '{"jsonrpc":"2.0","id":9,"method":"ping"}', "none"],
  ])("reads %s", (_name, text, kind) => {
    expect(readJsonBody(text, OPTIONS).reply.kind).toBe(kind);
  });

  it("tells the raw Lambda envelope from other foreign JSON", () => {
    const text = '{"statusCode":200,"headers":{},"body":"{}"}';
    expect(readJsonBody(text, OPTIONS).reply).toEqual({ kind: "foreign", envelope: true });
    expect(readJsonBody('{"statusCode":200}', OPTIONS).reply).toEqual({
      kind: "foreign",
      envelope: false,
    });
  });

  it("accepts an error without an id only where the status explains it", () => {
    const text = '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"no"}}';
    expect(readJsonBody(text, OPTIONS).reply.kind).toBe("invalid");
    expect(readJsonBody(text, { ...OPTIONS, acceptNullId: true }).reply.kind).toBe("error");
  });

  it("refuses a batch where the revision has none", () => {
    expect(readJsonBody(`[${ANSWER}]`, { ...OPTIONS, acceptBatch: false }).reply.kind).toBe(
      "invalid",
    );
  });

  it("never quotes the body in a detail", () => {
    const { reply } = readJsonBody("secret-in-a-body", OPTIONS);
    expect(JSON.stringify(reply)).not.toContain("secret");
  });
});

describe("readEventData", () => {
  it("notes what the server asks of its client", () => {
    const data = '{"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{}}';
    expect(readEventData(data, OPTIONS)).toEqual({
      reply: { kind: "none" },
      serverRequests: ["sampling/createMessage"],
    });
  });

  it("refuses an array, as the SDKs do", () => {
    expect(readEventData(`[${ANSWER}]`, OPTIONS).reply.kind).toBe("invalid");
  });
});
