import { DEFAULTS } from "../config/index.ts";
import type { OwnPath } from "./key-path.ts";
import { type KeyWords, shown } from "./key-words.ts";

type Key = "expect" | "sentinels" | "stream" | "concurrency";
type StepPath = Extract<OwnPath, `targets[].${Key}` | `targets[].${Key}${"." | "["}${string}`>;

/** What is asked of a target, and how often. */
export const STEP_WORDS: Readonly<Record<StepPath, KeyWords>> = {
  "targets[].expect": { means: "what is expected of it" },
  "targets[].expect.tools": { means: "tools that must be listed" },
  "targets[].expect.minTools": {
    means: "how many must be listed",
    fallback: shown(DEFAULTS.minTools),
  },
  "targets[].expect.minProtocolVersion": { means: "the oldest version that will do" },
  "targets[].expect.cors": { means: "whether a browser page can use it" },
  "targets[].expect.cors.origin": { means: "that page's origin" },
  "targets[].expect.cors.every": {
    means: "how often to look",
    fallback: shown(DEFAULTS.cors.every),
  },
  "targets[].expect.getStream": {
    means: "true expects the stream that GET opens",
    fallback: shown(false),
  },
  "targets[].expect.unauthenticated": {
    means: "for a target without credentials: expects to be refused with a challenge",
  },
  "targets[].sentinels": { means: "harmless tools to call in each run" },
  "targets[].sentinels[].tool": { means: "the tool" },
  "targets[].sentinels[].arguments": { means: "its arguments", fallback: "`{}`" },
  "targets[].sentinels[].allowWrites": {
    means: "true calls it though it is annotated as writing",
    fallback: shown(false),
  },
  "targets[].sentinels[].expect": { means: "what its result must be; never an error" },
  "targets[].sentinels[].expect.contains": { means: "a part of the answer" },
  "targets[].sentinels[].expect.equals": { means: "the whole answer" },
  "targets[].sentinels[].expect.jsonPath": { means: "a place in the answer's JSON" },
  "targets[].sentinels[].expect.jsonPath.path": { means: "the place" },
  "targets[].sentinels[].expect.jsonPath.equals": { means: "its value" },
  "targets[].sentinels[].expect.jsonPath.exists": {
    means: "whether something is there",
  },
  "targets[].sentinels[].expect.structured": { means: "members of the structured content" },
  "targets[].stream": { means: "whether a tool's events arrive one by one" },
  "targets[].stream.tool": { means: "the tool" },
  "targets[].stream.every": {
    means: "how often to look",
    fallback: shown(DEFAULTS.stream.every),
  },
  "targets[].stream.arguments": { means: "its arguments", fallback: "`{}`" },
  "targets[].stream.minEvents": {
    means: "events that must come",
    fallback: shown(DEFAULTS.stream.minEvents),
  },
  "targets[].stream.minSpreadMs": {
    means: "least time from the first event to the last",
    fallback: shown(DEFAULTS.stream.minSpreadMs),
  },
  "targets[].stream.allowWrites": { means: "as for a sentinel", fallback: shown(false) },
  "targets[].concurrency": { means: "simultaneous clients in one session" },
  "targets[].concurrency.every": {
    means: "how often to look",
    fallback: shown(DEFAULTS.concurrency.every),
  },
  "targets[].concurrency.clients": {
    means: "how many",
    fallback: shown(DEFAULTS.concurrency.clients),
  },
};
