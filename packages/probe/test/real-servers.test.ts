import {
  everything,
  mcpLite,
  type RealServer,
  tmcp,
  v1Stateful,
  v1Stateless,
  v2,
} from "@vigil/testkit/real-servers";
import { describe, expect, it } from "vitest";
import { probe } from "./harness.ts";

interface Row {
  readonly name: string;
  readonly start: () => Promise<RealServer>;
  readonly era: "legacy" | "modern";
  readonly both: boolean;
  readonly sentinel: object;
}

const SENTINEL = { tool: "sentinel", arguments: {}, expect: { equals: "ok" } };
const ECHO = { tool: "echo", arguments: { message: "hi" }, expect: { contains: "hi" } };

const ROWS: readonly Row[] = [
  { name: "server-everything", start: everything, era: "legacy", both: false, sentinel: ECHO },
  { name: "SDK v1, stateless", start: v1Stateless, era: "legacy", both: false, sentinel: SENTINEL },
  { name: "SDK v1, stateful", start: v1Stateful, era: "legacy", both: false, sentinel: SENTINEL },
  {
    name: "SDK v2, dual",
    start: () => v2("stateless"),
    era: "modern",
    both: true,
    sentinel: SENTINEL,
  },
  {
    name: "SDK v2, modern only",
    start: () => v2("reject"),
    era: "modern",
    both: false,
    sentinel: SENTINEL,
  },
  {
    name: "mcp-lite, without any SDK",
    start: mcpLite,
    era: "legacy",
    both: false,
    sentinel: SENTINEL,
  },
  { name: "tmcp, without any SDK", start: tmcp, era: "modern", both: true, sentinel: SENTINEL },
];

const PATIENT = { clientTimeoutMs: 5_000, slowMs: 4_000, runTimeoutMs: 20_000 };

describe("real servers", () => {
  it.each(ROWS)("$name is up in the $era era", async ({ start, era, both, sentinel }) => {
    const server = await start();
    try {
      const target = { ...PATIENT, sentinels: [sentinel as typeof SENTINEL] };
      const options = { runTimeoutMs: 20_000 };
      const { verdict } = await probe(server.url, { ...target, era: "auto" }, options);
      const { status, depth, failures } = verdict;
      expect({ status, depth, failures, era: verdict.era }).toEqual({
        status: "up",
        depth: "sentinel",
        failures: [],
        era,
      });
      const { modes } = await probe(server.url, { ...target, era: "both" }, options);
      expect(modes).toEqual(both ? [] : ["era-mismatch"]);
    } finally {
      await server.close();
    }
  });
});
