import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RunRecord } from "@vigil/core";
import {
  guardBearer,
  json,
  type RunningServer,
  soundIssuer,
  soundLegacy,
  startServer,
  text,
} from "@vigil/testkit";
import { afterEach, describe, expect, it } from "vitest";
import { inFolder, vigil } from "./vigil.ts";

const CLIENT_SECRET = "cl13nt-s3cret-4711";
const TOKEN = "t0ken-0f-4711";
const CLIENT = { clientId: "vigil", clientSecret: CLIENT_SECRET, token: () => TOKEN };

const servers: RunningServer[] = [];
afterEach(async () => void (await Promise.all(servers.splice(0).map((server) => server.close()))));

async function start(script: Parameters<typeof startServer>[0]): Promise<RunningServer> {
  const server = await startServer(script);
  servers.push(server);
  return server;
}

interface Checked {
  readonly issuer: RunningServer;
  readonly server: RunningServer;
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `vigil check` of a target that wants a token, by a config as the documentation shows it. */
async function check(
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
  issuerUrl = (origin: string) => origin,
): Promise<Checked> {
  const issuer = await start(soundIssuer(CLIENT));
  const server = await start(guardBearer((token) => token === TOKEN, soundLegacy()));
  return inFolder(async (cwd) => {
    const at = issuerUrl(new URL(issuer.url).origin);
    await writeFile(
      join(cwd, "vigil.config.ts"),
      `import { defineConfig, oauthClientCredentials, secret } from "@vigil/core";
export default defineConfig({
  targets: [{
    name: "orders",
    url: "${server.url}",
    auth: oauthClientCredentials({
      issuer: "${at}", clientId: "vigil", clientSecret: secret("env:CLIENT_SECRET"),
    }),
  }],
});`,
    );
    const finished = await vigil(["check", "--no-confirm", ...flags], { cwd, env });
    return { issuer, server, ...finished };
  });
}

const SET = { CLIENT_SECRET };

describe("vigil check of a target that wants an OAuth token", () => {
  it("gets one from the issuer, and prints nothing of it", async () => {
    const { code, stdout, stderr } = await check(["--json"], SET);
    const record = JSON.parse(stdout) as RunRecord;
    expect({ code, stderr, status: record.status }).toEqual({ code: 0, stderr: "", status: "up" });
    for (const secret of [CLIENT_SECRET, TOKEN]) expect(stdout).not.toContain(secret);
  });

  it("says what the issuer answered when it gives none, exit 4", async () => {
    const { code, stdout, server } = await check([], { CLIENT_SECRET: "an0ther-s3cret" });
    expect(code).toBe(4);
    expect(stdout).toContain("token-request-failed");
    expect(stdout.replace(/\s+/g, " ")).toContain("HTTP 401, invalid_client");
    expect(stdout).not.toContain("an0ther-s3cret");
    expect(server.requests).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ["is not set", {}],
    ["is empty", { CLIENT_SECRET: "" }],
  ])("asks nobody when the client's secret %s, exit 4", async (_name, env) => {
    const { code, stdout, issuer, server } = await check([], env);
    expect(code).toBe(4);
    expect(stdout).toContain("env:CLIENT_SECRET cannot be read");
    expect([issuer.requests, server.requests]).toEqual([[], []]);
  });

  it("refuses an issuer over plain http that is not this machine's, exit 2", async () => {
    const { code, stderr, issuer } = await check([], SET, () => "http://auth.example.com");
    expect(code).toBe(2);
    expect(stderr).toContain("auth.issuer: is plain http, which anyone on the way can read");
    expect(issuer.requests).toEqual([]);
  });
});

describe("vigil check of a target that is to refuse strangers", () => {
  const metadata = "/.well-known/oauth-protected-resource/mcp";

  it.each([
    ["up when it does", true, 0, "only the challenge was seen"],
    ["down when it serves them", false, 1, "the server is open to anyone"],
  ])("is %s", async (_name, guarded, exit, told) => {
    const sound = soundLegacy();
    const server = await start((request) => {
      const origin = `http://${request.headers.host}`;
      const names = { resource: `${origin}/mcp`, authorization_servers: ["https://auth.example"] };
      if (request.path === metadata) return json(names);
      const bearer = `Bearer resource_metadata="${origin}${metadata}"`;
      return guarded
        ? text("", { status: 401, headers: [["www-authenticate", bearer]] })
        : sound(request);
    });
    await inFolder(async (cwd) => {
      const target = { name: "door", url: server.url, expect: { unauthenticated: "challenge" } };
      await writeFile(
        join(cwd, "vigil.config.ts"),
        `export default ${JSON.stringify({ targets: [target] })};`,
      );
      const { code, stdout } = await vigil(["check", "--no-confirm"], { cwd });
      expect({ code, told: stdout.replace(/\s+/g, " ").includes(told) }).toEqual({
        code: exit,
        told: true,
      });
    });
  });
});
