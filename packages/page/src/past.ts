import {
  type Deployment,
  effectiveStatus,
  type Failure,
  type GapRecord,
  type Incident,
  type RunRecord,
} from "@vigil/core";
import { milliseconds, span, stamp } from "./format.ts";
import { foreign, foreignLines, type Html, html } from "./html.ts";
import { EXPOSURE_TEXTS } from "./looks.ts";
import type { TargetModel } from "./model.ts";
import { badgeOf, type Moment, modeMark } from "./parts.ts";
import { gapStart } from "./strip.ts";
import { part, table } from "./table.ts";

const MAX_ROWS = 50;

export function incidentsPart({ incidents }: TargetModel, moment: Moment): Html {
  return part(
    "incidents",
    "Incidents",
    incidents.length === 0
      ? html`<p class="empty">There has been none.</p>`
      : table({
          caption: "Newest first",
          rows: incidents.slice(0, MAX_ROWS),
          columns: [
            { head: "Opened", cell: ({ openedAt }) => stamp(openedAt, moment.timeZone) },
            { head: "Lasted", cell: (incident) => lasted(incident, moment) },
            { head: "Worst", cell: ({ status }) => badgeOf(status) },
            { head: "Why", cell: why },
            { head: "Runs", isNumber: true, cell: ({ runsFailed }) => runsFailed },
            { head: "Vantage", cell: ({ vantage }) => vantage },
          ],
        }),
  );
}

function lasted({ openedAt, closedAt }: Incident, { now }: Moment): Html {
  const ms = (closedAt === null ? now : Date.parse(closedAt)) - Date.parse(openedAt);
  return html`${span(ms)}${closedAt === null && html`, <strong>goes on</strong>`}`;
}

function why({ modes, summary, likelyCause }: Incident): Html {
  return html`${modes.slice(0, 6).map(modeMark)}${summary !== null && html`<p>${foreign(summary)}</p>`}${
    likelyCause !== undefined && html`<p>Likely cause: ${foreign(likelyCause)}</p>`
  }`;
}

export function deploymentsPart({ gaps, deployments }: TargetModel, moment: Moment): Html {
  const { timeZone } = moment;
  return part(
    "deployments",
    "Deployments and gap windows",
    gaps.length + deployments.length === 0 && html`<p class="empty">None were seen.</p>`,
    deployments.length > 0 &&
      table<Deployment>({
        caption: "Deployments, newest first",
        rows: deployments.slice(0, MAX_ROWS),
        columns: [
          { head: "Seen at", cell: ({ at }) => stamp(at, timeZone) },
          { head: "From", cell: ({ from }) => foreign(from.version, 80) },
          { head: "To", cell: ({ to }) => foreign(to.version, 80) },
          { head: "Exposure", cell: ({ exposure }) => EXPOSURE_TEXTS[exposure] },
        ],
      }),
    gaps.length > 0 && gapTable(gaps, moment),
  );
}

function gapTable(gaps: readonly GapRecord[], moment: Moment): Html {
  const { timeZone } = moment;
  return table<GapRecord>({
    caption: "Gap windows, newest first: provisioned concurrency was not ready",
    rows: gaps.slice(0, MAX_ROWS),
    columns: [
      { head: "From", cell: (gap) => stamp(gapStart(gap), timeZone) },
      { head: "Lasted", cell: (gap) => gapLasted(gap, moment) },
      { head: "Exposure", cell: exposureOf },
      { head: "Runs", isNumber: true, cell: ({ evidence }) => evidence?.runs ?? "–" },
      { head: "Failed", isNumber: true, cell: ({ evidence }) => evidence?.failures ?? "–" },
      {
        head: "Slowest",
        isNumber: true,
        cell: ({ evidence }) => milliseconds(evidence?.slowestMs ?? null),
      },
      { head: "Spill-over", isNumber: true, cell: ({ evidence }) => evidence?.spillover ?? "–" },
    ],
  });
}

/** Both its ends lie between two looks; this is how long it was at most. */
function gapLasted(gap: GapRecord, { now }: Moment): Html {
  const end = gap.end === null ? now : Date.parse(gap.end.notAfter);
  const ms = end - Date.parse(gapStart(gap));
  return html`${span(ms)}${gap.end === null && html`, <strong>open</strong>`}`;
}

function exposureOf({ exposure, reason, overdueAt }: GapRecord): Html {
  return html`${EXPOSURE_TEXTS[exposure]}${reason !== null && html` (${foreign(reason)})`}${
    overdueAt !== null && html`; <strong>longer than allowed</strong>`
  }`;
}

export function runsPart(runs: readonly RunRecord[], { timeZone }: Moment): Html {
  return part(
    "runs",
    "Latest runs",
    runs.length === 0
      ? html`<p class="empty">No run has ended yet.</p>`
      : table({
          caption: "Newest first, with the evidence of those that failed",
          rows: runs.slice(0, MAX_ROWS),
          columns: [
            { head: "Due at", cell: ({ scheduledAt }) => stamp(scheduledAt, timeZone) },
            { head: "Found", cell: (run) => badgeOf(effectiveStatus(run)) },
            { head: "Took", isNumber: true, cell: ({ durationMs }) => milliseconds(durationMs) },
            { head: "Vantage", cell: ({ vantage }) => vantage },
            {
              head: "Failures",
              cell: (run) =>
                run.failures.slice(0, 4).map((one, index) => failure(`${run.runId}-${index}`, one)),
            },
          ],
        }),
  );
}

function failure(id: string, { mode, step, summary, evidence }: Failure): Html {
  const { httpStatus, contentType, body, detail, networkCode } = evidence;
  const facts = [
    httpStatus === null ? null : `HTTP ${httpStatus}`,
    contentType,
    networkCode,
    detail,
  ].filter((fact) => fact !== null);
  return html`<details id="run-${id}"><summary>${modeMark(mode)} at ${step}</summary><p>${foreign(summary)}</p>${
    facts.length > 0 && html`<p class="small">${foreign(facts.join(" · "))}</p>`
  }${body !== null && body !== "" && html`<pre tabindex="0" aria-label="First bytes of the answer">${foreignLines(body)}</pre>`}</details>`;
}
