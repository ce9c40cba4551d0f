import { parseConfig, type VigilConfigInput } from "../config/index.ts";
import { type Bill, monthlyBill } from "./bill.ts";
import * as capacity from "./capacity.ts";
import { PEERS, PEERS_DATE } from "./peers.ts";
import { PRICES, PRICES_DATE, PRICES_REGION } from "./prices.ts";

/** Where the page lives, from the repository's root. */
export const COST_PATH = "docs/cost.md";

/** US dollars a month: for one target, standard; for each of ten, lean. */
const GOALS = { standard: 3, lean: 0.8 };

/** The text of docs/cost.md. */
export function costMarkdown(): string {
  const standard = exampleBill(1, "standard");
  const lean = exampleBill(10, "lean");
  return [
    intro(),
    "## One target, standard\n",
    "One target with one sentinel, from one vantage.\n",
    billTable(standard),
    goal(standard.totalUsd, GOALS.standard),
    "## Ten targets, lean\n",
    "Ten targets without sentinels, from one vantage.\n",
    billTable(lean),
    goal(lean.perTargetUsd, GOALS.lean),
    beside(standard, lean),
    assumptions(),
    payLess(),
  ].join("\n");
}

function exampleBill(count: number, profile: "lean" | "standard", rest: object = {}): Bill {
  const sentinels = profile === "standard" ? [{ tool: "ping" }] : [];
  const config: VigilConfigInput = {
    vantages: ["us-east-1"],
    profile,
    targets: Array.from({ length: count }, (_, n) => ({
      name: `target-${n + 1}`,
      url: `https://target-${n + 1}.example.com/mcp`,
      ...(sentinels.length > 0 && { sentinels }),
      ...rest,
    })),
  };
  const parsed = parseConfig(config);
  if (!parsed.ok) throw new Error("the example of the bill is no config");
  return monthlyBill(parsed.config);
}

function intro(): string {
  return `# What it costs

<!-- Generated from packages/core/src/cost by \`npm run docs\`: edit there. -->

\`vigil cost\` prints the monthly bill of your config, by line and by target, in both profiles. Prices
are those of ${PRICES_DATE} in ${PRICES_REGION}. **No free tier is counted**, so a small installation
pays less; other regions cost up to half as much again. A month has ${capacity.MONTH_HOURS} hours and
${whole(capacity.MONTH_RUNS)} runs of each target and vantage.
`;
}

function billTable({ lines, totalUsd, perTargetUsd, targets }: Bill): string {
  const rows = lines.map(({ title, quantity, unit, unitUsd, usd }) =>
    row([title, amount(quantity), `$${price(unitUsd)} per ${unit}`, usd.toFixed(4)]),
  );
  const each = targets.length > 1 ? [row(["**Each target**", "", "", bold(perTargetUsd)])] : [];
  return `${[
    row(["Line", "Quantity", "Price", "USD a month"]),
    "|---|--:|---|--:|",
    ...rows,
    row(["**Total**", "", "", bold(totalUsd)]),
    ...each,
  ].join("\n")}\n`;
}

function goal(usd: number, most: number): string {
  const difference = Math.abs(usd - most).toFixed(2);
  const kept = usd <= most ? `kept, with $${difference} to spare` : `missed by $${difference}`;
  return `The goal is at most $${most.toFixed(2)}: ${kept}.\n`;
}

function beside(standard: Bill, lean: Bill): string {
  const own = [
    row(["Vigil, lean, each of ten", lean.perTargetUsd.toFixed(2), "the table above"]),
    row(["Vigil, standard, one alone", standard.totalUsd.toFixed(2), "the table above"]),
  ];
  const peers = PEERS.map(({ name, usd, how }) => row([name, usd.toFixed(2), how]));
  return `## Beside others

One target, once a minute, from one place. Their prices are of ${PEERS_DATE}.

${[row(["", "USD a month", "Counted"]), "|---|--:|---|", ...own, ...peers].join("\n")}
`;
}

/** What it adds to a standard target that its function is followed. */
function followed(): number {
  const plain = exampleBill(1, "standard");
  const rest = { region: "eu-west-1", lambda: { functionName: "McpServer" } };
  return exampleBill(1, "standard", rest).totalUsd - plain.totalUsd;
}

/** Numbers with the names that they have in the code. */
function assumptions(): string {
  const facts = [
    `A probe has ${capacity.PROBE_MEMORY_MB} MB and takes ${capacity.RUN_MS} ms for its targets' answers, ${capacity.REPORT_MS} ms to write them down, and ${capacity.TARGET_CPU_MS} ms of CPU for each target. The first is assumed, and is your servers' to change.`,
    `A run is ${capacity.RUN_WRITES} write units: an item of ${capacity.RUN_ITEM_BYTES} bytes, kept for ${capacity.RUN_MONTHS} months, and its hour's, of at most ${whole(capacity.HOUR_ITEM_BYTES)}, kept for ${capacity.HOUR_MONTHS}. DynamoDB adds ${capacity.ITEM_OVERHEAD_BYTES} bytes to each. Storage and recovery are those of a table that is full; in its first months it is smaller.`,
    `A run is ${whole(capacity.RUN_LOG_BYTES)} bytes of log, an invocation ${capacity.DONE_LOG_BYTES} more, and ${capacity.PLATFORM_LOG_BYTES} of Lambda's own.`,
    `A run asks a target ${capacity.TARGET_REQUESTS} requests and one for each sentinel, in both eras twice as many. Its function is taken to have ${capacity.TARGET_MEMORY_MB} MB and to need ${capacity.TARGET_REQUEST_MS} ms for each. The further steps (stream, simultaneous clients, CORS) are counted as often as the config says.`,
    `A replay looks into the spill queue every ${capacity.REPLAY_EVERY_MINUTES} minutes. Mapped to a function the queue would be polled 15 times a minute, which costs $${(657_000 * PRICES.sqsRequest.usd).toFixed(2)}.`,
    `A target that names its function is followed through deployments, which adds $${followed().toFixed(2)} for the first one: a correlator of ${capacity.CORRELATOR_MEMORY_MB} MB looks at it every minute.`,
    `A run sends ${whole(capacity.SENT_BYTES)} bytes to its target, TLS included, which is in another region.`,
    `The dashboard's widget is drawn ${whole(capacity.WIDGET_VIEWS)} times: anew each minute of the 20 hours in which somebody looks, over three hours. While nobody looks it costs nothing.`,
    `All is well: metrics that are sent only when not zero, repeats, bursts, replays and all but ${capacity.MESSAGES_PER_MONTH} messages to people are left out.`,
    `Dashboards are told apart: $${PRICES.dashboard.usd.toFixed(2)} each, though an account's first three of up to 50 metrics are free; how many there are: [cloudwatch.md](cloudwatch.md). So are the demo server and secrets in Secrets Manager.`,
  ];
  return `## What is counted, and what is assumed

${facts.map((fact) => `- ${fact}`).join("\n")}

What depends on Vigil's code (bytes of an item and of a log line, requests of a run) is held against
that code in tests.
`;
}

function payLess(): string {
  const standardMetrics = 3 * PRICES.customMetric.usd;
  return `## To pay less

- \`profile: "lean"\` sends one metric a target instead of up to four, which is $${standardMetrics.toFixed(2)} less, and
  has no \`-slow\` alarm. History, and so \`vigil slo\`, has all latencies in both.
- A second vantage doubles nearly every line.
- \`era: "both"\` doubles what targets are asked; name the one that your clients speak.
`;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function bold(usd: number): string {
  return `**${usd.toFixed(2)}**`;
}

function whole(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(?:\d{3})+$)/gu, ",");
}

/** Large ones in whole numbers, small ones to five places. */
function amount(quantity: number): string {
  return quantity >= 1_000 || Number.isInteger(quantity) ? whole(quantity) : quantity.toFixed(5);
}

/** As price lists write it: without an exponent, and without zeros that say nothing. */
function price(usd: number): string {
  const text = usd.toFixed(10).replace(/0+$/u, "");
  const [dollars = "0", cents = ""] = text.split(".");
  return `${dollars}.${cents.padEnd(2, "0")}`;
}
