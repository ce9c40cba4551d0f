import { soundLegacy, soundModern, startServer } from "@vigil/testkit";
import { describe, expect, it } from "vitest";
import { DEPS, probe } from "./harness.ts";

/** As a run's id is made outside of tests. */
const RUN_ID = "0b6a4a36-6b1f-4a3c-9a43-5d5c2f6f7d11";
/** W3C Trace Context: version, trace-id, parent-id, flags, in hex. */
const TRACEPARENT = /^00-0b6a4a366b1f4a3c9a435d5c2f6f7d11-(?!0{16})[0-9a-f]{16}-01$/;

describe.each([
  ["legacy", soundLegacy],
  ["modern", soundModern],
] as const)("each request in the %s era", (era, script) => {
  it("says who asks, from where and in which run", async () => {
    const server = await startServer(script());
    try {
      await probe(server.url, { era }, { deps: { randomId: () => RUN_ID } });
      const seen = server.requests.map(({ headers }) => headers);
      expect(seen.length).toBeGreaterThan(2);
      for (const headers of seen) {
        expect(headers["user-agent"]).toBe(`vigil/${DEPS.version} (local; run=${RUN_ID})`);
        expect(headers["traceparent"]).toMatch(TRACEPARENT);
      }
    } finally {
      await server.close();
    }
  });
});
