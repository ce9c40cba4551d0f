import { describe, expect, it } from "vitest";
import { readSettings } from "../src/settings.ts";

function settingsOf(env: Record<string, string>) {
  const read = readSettings(env);
  if (!read.ok) throw new Error(read.problems.join("\n"));
  const { faults, ...settings } = read.settings;
  return { ...settings, fault: faults.fault, delayMs: faults.takeDelayMs() };
}

const DEFAULTS = {
  port: 8080,
  host: "127.0.0.1",
  era: "dual",
  stateless: false,
  initType: "local",
  inLambda: false,
  exitWithParent: false,
  fault: null,
  delayMs: 0,
};

describe("the settings", () => {
  it.each([
    ["nothing is set", {}],
    [
      "all is set to nothing",
      {
        PORT: "",
        HOST: "",
        MCP_ERA: "",
        MCP_SESSIONS: "",
        DEMO_FAULT: "",
        DEMO_COLD_MS: "",
        DEMO_COLD_REQUESTS: "",
        DEMO_EXIT_WITH_PARENT: "",
      },
    ],
  ])("have their defaults when %s", (_name, env) => {
    expect(settingsOf(env)).toEqual(DEFAULTS);
  });

  it("are read from the environment", () => {
    const env = {
      PORT: "0",
      HOST: "0.0.0.0",
      MCP_ERA: "legacy",
      MCP_SESSIONS: "stateless",
      DEMO_FAULT: "cold-start",
      DEMO_COLD_MS: "250",
      DEMO_COLD_REQUESTS: "3",
      DEMO_EXIT_WITH_PARENT: "1",
    };
    expect(settingsOf(env)).toEqual({
      ...DEFAULTS,
      port: 0,
      host: "0.0.0.0",
      era: "legacy",
      stateless: true,
      fault: "cold-start",
      delayMs: 250,
      exitWithParent: true,
    });
  });

  it("know Lambda by its own variables", () => {
    const env = {
      AWS_LAMBDA_FUNCTION_NAME: "McpServer",
      AWS_LAMBDA_INITIALIZATION_TYPE: "provisioned-concurrency",
    };
    const expected = { ...DEFAULTS, inLambda: true, initType: "provisioned-concurrency" };
    expect(settingsOf(env)).toEqual(expected);
  });

  it.each([
    ["PORT", "65536", 'PORT is "65536"; use a whole number from 0 to 65535'],
    ["PORT", "0x50", 'PORT is "0x50"; use a whole number from 0 to 65535'],
    ["PORT", "-1", 'PORT is "-1"; use a whole number from 0 to 65535'],
    ["DEMO_COLD_MS", "20s", 'DEMO_COLD_MS is "20s"; use a whole number from 0 to 900000'],
    [
      "DEMO_COLD_REQUESTS",
      "1.5",
      'DEMO_COLD_REQUESTS is "1.5"; use a whole number from 0 to 1000000',
    ],
    ["MCP_ERA", "both", 'MCP_ERA is "both"; use one of: dual, legacy, modern'],
    ["MCP_SESSIONS", "none", 'MCP_SESSIONS is "none"; use one of: stateful, stateless'],
    ["DEMO_EXIT_WITH_PARENT", "true", 'DEMO_EXIT_WITH_PARENT is "true"; use one of: 0, 1'],
    [
      "DEMO_FAULT",
      "cold",
      'DEMO_FAULT: there is no fault "cold"; use one of: adapter-missing, version-mismatch, tools-empty, tool-permission, cold-start, streaming-off, none',
    ],
  ])("%s=%s is refused", (name, value, problem) => {
    expect(readSettings({ [name]: value })).toEqual({ ok: false, problems: [problem] });
  });
});
