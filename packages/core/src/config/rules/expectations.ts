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

export const versionOfEra: TargetRule = ({ target: { era, expect } }) => {
  const speaksLegacy = era === "legacy" || era === "both";
  if (!speaksLegacy || expect?.minProtocolVersion !== MODERN_VERSION) return [];
  const whose = era === "both" ? 'the legacy half of era: "both"' : 'era: "legacy"';
  return [
    {
      path: ["expect", "minProtocolVersion"],
      problem: `is ${MODERN_VERSION}, which ${whose} cannot reach`,
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

/** What no server without tools can have. */
export const noToolsMeansNone: TargetRule = ({ target: { expect, sentinels, stream } }) => {
  if (expect?.minTools !== 0) return [];
  const tools = [
    ...(expect.tools?.length ? ["expect.tools"] : []),
    ...(sentinels?.length ? ["sentinels"] : []),
    ...(stream === undefined ? [] : ["stream"]),
  ];
  if (tools.length === 0) return [];
  return [
    {
      path: ["expect", "minTools"],
      problem: `is 0, as of a server without tools; ${tools.join(" and ")} cannot do without one`,
      fix: `Remove minTools, or ${tools.join(" and ")}.`,
    },
  ];
};

/** A page of the same origin is let in without CORS, so nothing would be checked. */
export const corsIsForOthers: TargetRule = ({ target: { expect, url } }) => {
  const origin = expect?.cors?.origin;
  if (origin === undefined || url === undefined || new URL(url).origin !== origin) return [];
  return [
    {
      path: ["expect", "cors", "origin"],
      problem: "is the target's own origin, whose pages need no CORS",
      fix: "Write the origin of the page that uses the server, or remove expect.cors.",
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
