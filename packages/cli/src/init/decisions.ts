import { type FrontDoor, isRegion, parseConfig, type SentinelProposal } from "@vigil/core";
import { count, plain } from "../text.ts";
import type { Asker } from "./ask.ts";
import type { Probed } from "./probe-doors.ts";

type Speaks = Extract<Probed, { kind: "speaks" }>;

/** What the operator decides on the way to a config. */
export interface Decisions {
  /** Whether what has been found may be asked if it speaks MCP. */
  probe(doors: readonly FrontDoor[]): Promise<boolean>;
  /** The name to watch it under; null to leave it out. */
  watch(found: Speaks, proposed: string, taken: ReadonlySet<string>): Promise<string | null>;
  /** Whether its read-only tool may be called, now and in each run. */
  call(name: string, sentinel: SentinelProposal): Promise<boolean>;
  vantage(proposed: string, targetRegions: readonly string[]): Promise<string>;
  /** Who is paged; null for nobody yet. */
  email(): Promise<string | null>;
}

/** Takes whatever is proposed, of which nothing writes. */
export const acceptAll: Decisions = {
  probe: async () => true,
  watch: async (_, proposed) => proposed,
  call: async () => true,
  vantage: async (proposed) => proposed,
  email: async () => null,
};

const LEAVE_OUT = "-";

export function askFor(asker: Asker): Decisions {
  return {
    probe: (doors) => askToProbe(asker, doors),
    async watch(found, proposed, taken) {
      const { url, record } = found;
      const what = `${plain(url, 120)}: ${count(record.toolCount ?? 0, "tool")}, ${record.status}`;
      const answer = await asker.text(`Watch ${what}? Its name, or ${LEAVE_OUT} to leave it out`, {
        proposed,
        problemOf: (name) => (name === LEAVE_OUT ? null : nameProblem(name, taken)),
      });
      return answer === LEAVE_OUT ? null : answer;
    },
    call: (name, { tool, arguments: values }) =>
      asker.confirm(
        `Call the read-only tool ${plain(tool, 80)}${argumentsText(values)} of ${name} now, and in each run?`,
        true,
      ),
    vantage: (proposed, regions) =>
      asker.text("Region to probe from, none of the servers' own; or local for this machine", {
        proposed,
        problemOf: (answer) => vantageProblem(answer, regions),
      }),
    async email() {
      const answer = await asker.text("Address to page, or Enter for none yet", {
        proposed: "",
        problemOf: emailProblem,
      });
      return answer === "" ? null : answer;
    },
  };
}

const SHOWN_DOORS = 20;

async function askToProbe(asker: Asker, doors: readonly FrontDoor[]): Promise<boolean> {
  const shown = doors.slice(0, SHOWN_DOORS).map(({ urls: [url] }) => `  ${plain(url, 160)}\n`);
  const more = doors.length > SHOWN_DOORS ? `  and ${doors.length - SHOWN_DOORS} more\n` : "";
  const some = count(doors.length, "address").replace("addresss", "addresses");
  return asker.confirm(
    `${shown.join("")}${more}Ask ${some} whether MCP is spoken there? Each gets a few POST requests.`,
    true,
  );
}

function argumentsText(values: SentinelProposal["arguments"]): string {
  return Object.keys(values).length === 0 ? "" : ` with ${plain(JSON.stringify(values), 200)}`;
}

const STRANGER = { name: "stranger", url: "https://example.com/mcp" };

/** The config's own rules, asked of a config that has nothing else to be wrong. */
function problemIn(config: object): string | null {
  const parsed = parseConfig({ targets: [STRANGER], ...config });
  return parsed.ok ? null : (parsed.findings[0]?.fix ?? null);
}

function nameProblem(name: string, taken: ReadonlySet<string>): string | null {
  return taken.has(name)
    ? `${name} is the name of another one already.`
    : problemIn({ targets: [{ ...STRANGER, name }] });
}

function vantageProblem(vantage: string, targetRegions: readonly string[]): string | null {
  if (targetRegions.includes(vantage)) {
    return `A server runs in ${vantage}: an outage there would silence its own alarm.`;
  }
  return vantage === "local" || isRegion(vantage)
    ? null
    : "Write an AWS region such as eu-west-1, or local.";
}

function emailProblem(answer: string): string | null {
  return answer === "" ? null : problemIn({ paging: { email: [answer] } });
}
