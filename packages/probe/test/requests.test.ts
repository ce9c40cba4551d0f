import { capacity } from "@vigil/core";
import { soundLegacy, startServer } from "@vigil/testkit";
import { expect, it } from "vitest";
import { probe } from "./harness.ts";

it("asks a target for as much as the bill counts", async () => {
  const server = await startServer(soundLegacy());
  try {
    const { verdict } = await probe(server.url, { era: "legacy" });
    expect(verdict.status).toBe("up");
    const asked = server.requests.map(({ httpMethod, rpc }) => rpc?.method ?? httpMethod);
    expect(asked).toEqual([
      "initialize",
      "notifications/initialized",
      "tools/list",
      // This server's second page; most have one.
      "tools/list",
      "DELETE",
    ]);
    expect(new Set(asked).size).toBe(capacity.TARGET_REQUESTS);
  } finally {
    await server.close();
  }
});
