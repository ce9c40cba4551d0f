import type { Attainment, SloReport, SloWindowReport } from "@vigil/core";
import { percent } from "./format.ts";
import { type Html, html } from "./html.ts";
import { part, table } from "./table.ts";

/** How the target keeps its objective, and what is left of its error budget. */
export function sloPart(report: SloReport | null): Html {
  if (report === null) return part("slo", "Objective", html`<p class="empty">Not known yet.</p>`);
  const { objective, windows } = report;
  return part(
    "slo",
    `Objective: ${objective} %`,
    budget(report),
    table({
      caption: "First tries that were good; burning at 1 spends the budget in just 30 days",
      rows: windows,
      columns: [
        { head: "Window", cell: ({ name }) => name },
        { head: "Good", isNumber: true, cell: ({ raw }) => percent(raw.sli) },
        { head: "Burn", isNumber: true, cell: ({ raw }) => burn(raw) },
        {
          head: "Without gaps",
          isNumber: true,
          cell: ({ gapExcluded }) => percent(gapExcluded.sli),
        },
        { head: "Bad", isNumber: true, cell: ({ raw }) => raw.bad },
        { head: "Unknown", isNumber: true, cell: ({ raw }) => raw.unknown },
        { head: "Looked at", isNumber: true, cell: looked },
      ],
    }),
  );
}

function burn({ burnRate }: Attainment): Html {
  return burnRate === null ? percent(null) : html`${burnRate.toFixed(burnRate < 10 ? 2 : 0)}×`;
}

function looked({ coverage }: SloWindowReport): Html {
  return percent(coverage.ratio);
}

function budget({ budget: { raw, gapExcluded } }: SloReport): Html {
  const { leftPercent, leftMinutes, allowedMinutes } = raw;
  if (leftPercent === null) return html`<p>Error budget: no run could be judged in 30 days.</p>`;
  const left = Math.max(0, Math.min(100, leftPercent));
  const text =
    leftMinutes < 0
      ? `The error budget of 30 days is overspent by ${(-leftMinutes).toFixed(1)} min; ${allowedMinutes.toFixed(1)} min were allowed`
      : `${leftPercent.toFixed(1)} % of the error budget of 30 days is left: ${leftMinutes.toFixed(1)} of ${allowedMinutes.toFixed(1)} min`;
  const other = gapExcluded.leftPercent;
  return html`<p><strong>${text}</strong>${
    other !== null &&
    other !== leftPercent &&
    html`; without gap windows ${other.toFixed(1)} % is left`
  }.</p><svg class="bar${left < 25 && " low"}" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="${text}"><rect class="rest" width="100" height="10"/><rect class="left" width="${left}" height="10"/></svg>`;
}
