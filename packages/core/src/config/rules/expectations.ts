import { MODERN_VERSION } from "../../run.ts";
import { fillLimits } from "../defaults.ts";
import { canonicalJson } from "../json.ts";
import { isBroken } from "../salvage.ts";
import { repeated, type TargetRule } from "./rule.ts";
import { writtenLimits } from "./scope.ts";

export const toolsOnce: TargetRule = ({ target: { expect } }) =>
  repeated(expect?.tools ?? []).map(({ index, first }) => ({
    path: ["expect", "tools", index],
    problem: `is the same tool as expect.tools[${first}]`,
    fix: "Remove one of them.",
  }));

export const sentinelsOnce: TargetRule = ({ target: { sentinels = [] } }) => {
  const keys = sentinels.map((sentinel) => {
    if (sentinel?.tool === undefined || isBroken(sentinel, "arguments")) return undefined;
    return canonicalJson([sentinel.tool, sentinel.arguments ?? {}]);
  });
  return repeated(keys).map(({ index, first }) => ({
    path: ["sentinels", index],
    problem: `calls the same tool with the same arguments as sentinels[${first}]`,
    fix: "Put all that is expected of the answer into one sentinel, or change the arguments.",
  }));
};

export const nothingThereHasNoValue: TargetRule = ({ target: { sentinels = [] } }) =>
  sentinels.flatMap((sentinel, index) => {
    const jsonPath = sentinel?.expect?.jsonPath;
    if (jsonPath?.exists !== false || !Object.hasOwn(jsonPath, "equals")) return [];
    return [
      {
        path: ["sentinels", index, "expect", "jsonPath"],
        problem: "wants nothing to be there (exists: false) and a value too (equals)",
        fix: "Remove one of them.",
      },
    ];
  });

export const versionOfEra: TargetRule = ({ target: { era, expect } }) => {
  if (era !== "legacy" || expect?.minProtocolVersion !== MODERN_VERSION) return [];
  return [
    {
      path: ["expect", "minProtocolVersion"],
      problem: `is ${MODERN_VERSION}, which era: "legacy" cannot reach`,
      fix: 'Write an older version, or era: "modern".',
    },
  ];
};

export const getStreamOfEra: TargetRule = ({ target: { era, expect } }) => {
  if (era !== "modern" || expect?.getStream !== true) return [];
  return [
    {
      path: ["expect", "getStream"],
      problem: 'wants the stream that GET offers, which era: "modern" no longer has',
      fix: "Remove getStream.",
    },
  ];
};

/** A client gives up before such a stream can have met the expectation. */
export const spreadFitsClient: TargetRule = ({ target, config }) => {
  const spread = target.stream?.minSpreadMs;
  const limits = writtenLimits({ own: target, base: config.defaults });
  if (spread === undefined || limits === null || isBroken(config, "defaults")) return [];
  const { clientTimeoutMs } = fillLimits(limits);
  if (spread < clientTimeoutMs) return [];
  return [
    {
      path: ["stream", "minSpreadMs"],
      problem: `is not below clientTimeoutMs (${clientTimeoutMs})`,
      fix: `Write minSpreadMs below ${clientTimeoutMs}; a client waits no longer.`,
    },
  ];
};
