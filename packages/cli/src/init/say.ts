import { MARKS } from "../palette.ts";
import { count, plain } from "../text.ts";
import type { Probed } from "./probe-doors.ts";

/** What each front door turned out to be, a line each. */
export function foundLines(probed: readonly Probed[]): readonly string[] {
  const speaking = probed.filter(({ kind }) => kind === "speaks").length;
  const some = probed.length === 1 ? "1 address" : `${probed.length} addresses`;
  return [
    `Of ${some}, ${speaking} ${speaking === 1 ? "speaks" : "speak"} MCP.`,
    ...probed.map(line),
  ];
}

function line(probed: Probed): string {
  switch (probed.kind) {
    case "speaks": {
      const { url, record } = probed;
      const { status, era, protocolVersion, toolCount, failures } = record;
      const what = [
        `${era ?? "unknown"} era ${plain(protocolVersion ?? "", 20)}`.trim(),
        ...(toolCount === null ? [] : [count(toolCount, "tool")]),
        ...(failures[0] === undefined ? [] : [failures[0].mode]),
      ];
      return `  ${MARKS[status]} ${plain(url, 160)}  ${what.join(" · ")}`;
    }
    case "guarded":
      return `  ? ${plain(probed.url, 160)}  wants credentials (401)`;
    case "other":
      return `  - ${plain(probed.door.urls[0], 160)}  ${plain(probed.why, 120)}`;
    default:
      return probed satisfies never;
  }
}

/** What the config's reader should know of what is not in it. */
export function remarksOn(probed: readonly Probed[]): readonly string[] {
  const guarded = probed.flatMap((one) => (one.kind === "guarded" ? [one] : []));
  return guarded.map(
    ({ url }) =>
      `${plain(url, 200)} wants credentials (401): add it with auth: bearer(secret("ssm:/…")) if it is an MCP server.`,
  );
}
