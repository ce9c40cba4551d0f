import type { GapWindow, TargetState } from "@vigil/core";
import type { Observation } from "../src/monitor.ts";
import { UP } from "./records.ts";

export const UP_STATE: TargetState = {
  target: "orders",
  vantage: "local",
  status: "up",
  since: "2026-11-22T07:48:00.000Z",
  modes: [],
  known: { status: "up", since: "2026-11-22T07:48:00.000Z", modes: [] },
  unknownRuns: 0,
  recent: ["up", "up", "up", "up", "up"],
  lastRunAt: "2026-11-22T08:00:00.000Z",
  lastGoodRunAt: "2026-11-22T08:00:00.000Z",
  era: "legacy",
  extras: {},
  tools: null,
};

export const DOWN_STATE: TargetState = {
  ...UP_STATE,
  status: "down",
  since: "2026-11-22T08:00:00.000Z",
  modes: ["tools-empty"],
  known: { status: "down", since: "2026-11-22T08:00:00.000Z", modes: ["tools-empty"] },
  recent: ["up", "up", "up", "up", "down"],
};

export const QUIET: Observation = {
  record: UP,
  lateMs: 1,
  previous: UP_STATE,
  state: UP_STATE,
  events: [],
};

export const OPEN_GAP: GapWindow = {
  openedAt: "2026-11-22T08:00:30.000Z",
  start: { notBefore: "2026-11-22T08:00:25.000Z", notAfter: "2026-11-22T08:00:30.000Z" },
  end: null,
  ended: null,
  exposure: "exposed",
  course: [],
  deployments: [],
  version: "2",
  reason: null,
  overdueAt: null,
};
