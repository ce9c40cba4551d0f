import type { Section, Widget } from "./widget.ts";

/** CloudWatch's limits are 500 widgets, and 2,500 metrics in all of them. */
const MAX_WIDGETS = 400;
const MAX_METRICS = 2_000;

/** Sections one below the other, on as few dashboards as their limits allow; none is split. */
export function pack(sections: readonly Section[]): readonly (readonly Widget[])[] {
  const pages: Section[][] = [];
  let widgets = 0;
  let metrics = 0;
  for (const section of sections) {
    const size = sizeOf(section);
    const page = pages.at(-1);
    if (
      page === undefined ||
      widgets + size.widgets > MAX_WIDGETS ||
      metrics + size.metrics > MAX_METRICS
    ) {
      pages.push([section]);
      ({ widgets, metrics } = size);
    } else {
      page.push(section);
      widgets += size.widgets;
      metrics += size.metrics;
    }
  }
  return pages.map(place);
}

function sizeOf(section: Section): { readonly widgets: number; readonly metrics: number } {
  const all = section.flat();
  const counts = all.map((one) => (one.type === "metric" ? one.properties.metrics.length : 0));
  return { widgets: all.length, metrics: counts.reduce((sum, count) => sum + count, 0) };
}

function place(sections: readonly Section[]): readonly Widget[] {
  let y = 0;
  return sections.flat().flatMap((row) => {
    let x = 0;
    const placed = row.map((widget) => {
      const at = { ...widget, x, y };
      x += widget.width;
      return at;
    });
    y += Math.max(0, ...row.map(({ height }) => height));
    return placed;
  });
}
