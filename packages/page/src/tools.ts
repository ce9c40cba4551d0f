import { compareLists, type EraComparison, mainList } from "@vigil/core";
import { stamp } from "./format.ts";
import { foreign, type Html, html } from "./html.ts";
import type { TargetDetail } from "./model.ts";
import type { Moment } from "./parts.ts";
import { part } from "./table.ts";

/** Names and changes that are shown; the rest is counted. */
const MAX_SHOWN = 60;

/** What the target offers, and how that differs from what its callers rely on. */
export function toolsPart(
  name: string,
  { tools, baseline }: TargetDetail,
  { timeZone }: Moment,
): Html {
  const list = tools === null ? null : mainList(tools.lists);
  if (tools === null || list === null) {
    return part("tools", "Tools", html`<p class="empty">No run has listed the tools yet.</p>`);
  }
  const names = list.tools.map((tool) => tool.name);
  const rest = list.toolCount - Math.min(names.length, MAX_SHOWN);
  return part(
    "tools",
    "Tools",
    html`<p>${list.toolCount} listed, the same since ${stamp(tools.at, timeZone)}:</p><ul class="names">${names
      .slice(0, MAX_SHOWN)
      .map((one) => html`<li><code>${foreign(one, 80)}</code></li>`)}${
      rest > 0 && html`<li>and ${rest} more</li>`
    }</ul>`,
    baseline === null
      ? html`<p>No tools are accepted yet: the first good run's will be.</p>`
      : drift(
          name,
          compareLists(baseline.lists, tools.lists),
          html`${stamp(baseline.acceptedAt, timeZone)}`,
        ),
  );
}

function drift(name: string, eras: readonly EraComparison[], accepted: Html): Html {
  if (eras.length === 0) {
    return html`<p>They are the tools that were accepted at ${accepted}.</p>`;
  }
  const breaking = eras.some(({ comparison }) => comparison.breaking);
  const changes = eras.flatMap(({ comparison }) => changesOf(comparison));
  return html`<h3>${breaking ? "Drift that breaks callers" : "Drift that callers need not notice"}</h3><p>Against the tools that were accepted at ${accepted}:</p><ul>${changes
    .slice(0, MAX_SHOWN)
    .map((change) => html`<li>${change}</li>`)}${
    changes.length > MAX_SHOWN && html`<li>and ${changes.length - MAX_SHOWN} more</li>`
  }</ul><p>If this is meant: <code>vigil baseline accept ${name}</code></p>`;
}

function changesOf({ removed, added, changed }: EraComparison["comparison"]): readonly Html[] {
  const tool = (one: string) => html`<code>${foreign(one, 80)}</code>`;
  return [
    ...removed.map((one) => html`${tool(one)} was removed <strong>(breaking)</strong>`),
    ...changed.flatMap((one) =>
      one.changes.map(
        ({ text, breaking }) =>
          html`${tool(one.tool)}: ${foreign(text)}${breaking && html` <strong>(breaking)</strong>`}`,
      ),
    ),
    ...added.map((one) => html`${tool(one)} was added`),
  ];
}
