/** How much of everything a month takes. What depends on code is held against that code in a test. */

/** 730 hours, as AWS counts a month. */
export const MONTH_HOURS = 730;
/** One run a minute. */
export const MONTH_RUNS = MONTH_HOURS * 60;
export const GB = 1024 ** 3;

/** A thousand targets took 144 MB at most; the rest buys CPU for TLS. */
export const PROBE_MEMORY_MB = 512;
/**
 * Milliseconds of one invocation, assumed: the answers of a server in another region, whose targets
 * are asked side by side; writing down what they said; and each further target's share of the CPU.
 * Vigil's own are measured by `npm run bench`; the server's are not Vigil's to know.
 */
export const RUN_MS = 400;
export const REPORT_MS = 150;
export const TARGET_CPU_MS = 50;

/** A healthy run with one sentinel, as an item and as a line of the log. */
export const RUN_ITEM_BYTES = 800;
export const RUN_LOG_BYTES = 1_650;
/** The line that ends an invocation, and what Lambda itself writes of it (assumed). */
export const DONE_LOG_BYTES = 280;
export const PLATFORM_LOG_BYTES = 700;
/** A full HOUR item. */
export const HOUR_ITEM_BYTES = 1_024;
export const STATE_ITEM_BYTES = 700;
/** DynamoDB bills so much for each item's place in the index. */
export const ITEM_OVERHEAD_BYTES = 100;
/** A run's item and its hour's, of one write unit each. */
export const RUN_WRITES = 2;
/** Of an hour's sixty runs, so many are the slowest so far, and take a second try each. */
export const SLOWEST_PER_HOUR = 5;
/** A state is written on change, and every quarter of an hour. */
export const STATE_WRITES_PER_HOUR = 4;
/** How long items and log lines are kept. */
export const RUN_MONTHS = 3;
export const HOUR_MONTHS = 13;
/** Bytes that one read unit covers. */
export const READ_UNIT_BYTES = 4_096;

/** initialize, initialized, tools/list and the session's DELETE; each sentinel is one more. */
export const TARGET_REQUESTS = 4;
/** Bytes that a run sends to its target, TLS included (assumed). */
export const SENT_BYTES = 6_000;
/** What a warm MCP function takes for one request (assumed). */
export const TARGET_MEMORY_MB = 512;
export const TARGET_REQUEST_MS = 20;

/** How often a replay looks into its spill queue, and so `spill-age` finds it looked into. */
export const REPLAY_EVERY_MINUTES = 5;
export const REPLAY_MEMORY_MB = 256;
/** It waits more than it works: for Lambda's answers, one function after the other. */
export const CORRELATOR_MEMORY_MB = 256;
/** Of one tick, its reads and its lease; and of each function, 1.4 calls spaced by 200 ms. */
export const CORRELATOR_TICK_MS = 300;
export const CORRELATOR_LOOK_MS = 280;
/** A lease is claimed and given back; what is known of a function is written every five minutes. */
export const CLAIMS_PER_TICK = 2;
export const GAP_WRITES_PER_HOUR = 12;
/** What is known of a function (assumed). */
export const GAP_STATE_BYTES = 1_000;
/** How often the pager looks for what nobody told it of; each minute where it has a dead man to ping. */
export const SWEEP_EVERY_MINUTES = 5;
export const PAGER_MEMORY_MB = 256;
/** A sweep that finds nothing to do (assumed): it waits for its reads. */
export const PAGER_MS = 100;
/** How often the dashboard's widget is drawn: in 20 hours in which somebody looks, each minute (assumed). */
export const WIDGET_VIEWS = 1_200;
/** A whole processor, of which a hundred targets take 0.2 s (`npm run bench -- --only widget`). */
export const WIDGET_MEMORY_MB = 1_769;
/** Of ten targets (assumed): it waits for a few reads. */
export const WIDGET_MS = 50;
/** Four items of hours, at half a unit each; of what is known of a function a quarter of 4 kB. */
export const WIDGET_TARGET_READS = 2;
export const WIDGET_FOLLOWED_READS = 0.25;
/** Of the hours that budgets are told from, at half a unit for 4 kB. */
export const BUDGET_HOURS = 7;
/** One that finds nothing: the long poll of a second, and its way. */
export const REPLAY_MS = 1_200;
/** Pages and plain alarms of a month in which something went wrong (assumed). */
export const MESSAGES_PER_MONTH = 20;
/** CloudWatch takes so many datapoints in one request. */
export const DATAPOINTS_PER_REQUEST = 1_000;
