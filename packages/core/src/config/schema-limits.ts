import type * as z from "zod";
import { list, number, strict } from "./leaf.ts";
import {
  DEFAULTS,
  MAX_CLIENT_TIMEOUT_MS,
  MAX_RESPONSE_BYTES,
  MAX_RUN_TIMEOUT_MS,
} from "./limits.ts";

function milliseconds(min: number, max: number, fix: string) {
  return number({ what: "a number of milliseconds", min, max, fix });
}

const delay = milliseconds(
  0,
  MAX_RUN_TIMEOUT_MS,
  "Write the wait before a repeat in milliseconds, for example 2_000.",
);

const confirm = strict(
  {
    delaysMs: list(
      delay,
      "Write the wait before each repeat, for example delaysMs: [2_000, 6_000], or [] for no repeat.",
    ).optional(),
    withinMs: milliseconds(
      1,
      MAX_RUN_TIMEOUT_MS,
      "Write the time for the first attempt and its repeats together, below a minute, for example withinMs: 20_000.",
    ).optional(),
  },
  "Write { delaysMs: [2_000, 6_000], withinMs: 20_000 }.",
);

/** Limits that a target may set, and `defaults` for all targets. */
export const limitShape = {
  clientTimeoutMs: milliseconds(
    1,
    MAX_CLIENT_TIMEOUT_MS,
    `Write how long a client waits for one answer, below a minute, for example clientTimeoutMs: 10_000.`,
  ).optional(),
  runTimeoutMs: milliseconds(
    2,
    MAX_RUN_TIMEOUT_MS,
    `Write how long one attempt may take, below a minute because a run starts every minute, for example runTimeoutMs: 15_000.`,
  ).optional(),
  slowMs: milliseconds(
    1,
    MAX_CLIENT_TIMEOUT_MS,
    `Write from how many milliseconds on a run is slow, for example slowMs: 3_000.`,
  ).optional(),
  maxResponseBytes: number({
    what: "a number of bytes",
    min: 1,
    max: MAX_RESPONSE_BYTES,
    fix: `Write how many bytes an answer may have, for example maxResponseBytes: ${DEFAULTS.maxResponseBytes}.`,
  }).optional(),
  confirm: confirm.optional(),
};

export const defaultsSchema = strict(
  limitShape,
  "Write { clientTimeoutMs: 10_000, runTimeoutMs: 15_000, slowMs: 3_000 }.",
);

export type DefaultsInput = z.input<typeof defaultsSchema>;
