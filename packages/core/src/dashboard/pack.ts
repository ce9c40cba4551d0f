import { utf8Length } from "../utf8-length.ts";
import { LIMITS, metricCount } from "./limits.ts";
import type { Content, Row, Section, Size, Widget } from "./widget.ts";

/** What something takes of a dashboard's limits. */
export interface Load {
  readonly widgets: number;
  readonly metrics: number;
  readonly bytes: number;
}

/** `"x":12,"y":12345,` and a comma. */
const PLACE_BYTES = 20;
/** Quotes and a comma around a name in the parameters of a page's custom widget. */
const NAME_BYTES = 3;

/** Sections one below the other, on as few pages as the limits allow; none is split. */
export function pack(
  sections: readonly Section[],
  /** What stands on the first page, and on each further one, besides. */
  heads: { readonly first: Load; readonly further: Load },
): readonly (readonly Section[])[] {
  const pages: Section[][] = [];
  let load = heads.first;
  for (const section of sections) {
    const page = pages.at(-1);
    const own = loadOf(section);
    const together = sum(load, own);
    if (page === undefined || exceeds(together)) {
      load = sum(page === undefined ? heads.first : heads.further, own);
      pages.push([section]);
    } else {
      page.push(section);
      load = together;
    }
  }
  return pages;
}

function loadOf({ target, rows }: Section): Load {
  const widgets = rows.flat();
  const named = target === null ? 0 : utf8Length(target) + NAME_BYTES;
  return {
    widgets: widgets.length,
    metrics: widgets.reduce((count, widget) => count + metricCount(widget), 0),
    bytes: widgets.reduce((bytes, widget) => bytes + bytesOf(widget), named),
  };
}

function bytesOf(widget: Content & Size): number {
  return utf8Length(JSON.stringify(widget)) + PLACE_BYTES;
}

function sum(a: Load, b: Load): Load {
  return {
    widgets: a.widgets + b.widgets,
    metrics: a.metrics + b.metrics,
    bytes: a.bytes + b.bytes,
  };
}

function exceeds({ widgets, metrics, bytes }: Load): boolean {
  return widgets > LIMITS.widgets || metrics > LIMITS.metrics || bytes > LIMITS.bytes;
}

/** Rows one below the other. */
export function place(rows: readonly Row[]): readonly Widget[] {
  let y = 0;
  return rows.flatMap((row) => {
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
