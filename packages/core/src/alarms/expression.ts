type Series = readonly (number | null)[];

const FILLED = /^FILL\((\w+), (-?\d+(?:\.\d+)?)\)$/;
const HIGHEST = /^MAX\(\[(\w+(?:, \w+)*)\]\)$/;

/**
 * The part of metric math that our alarms use: `FILL(id, number)`, `MAX([id, …])`, and differences
 * of these. Anything else is a bug: Error.
 */
export function alarmExpression(expression: string, series: ReadonlyMap<string, Series>): Series {
  const [first, ...others] = expression.split(" - ").map((term) => termOf(term, series));
  if (first === undefined) throw new Error(`Metric math without a term: ${expression}`);
  return others.reduce(
    (left, right) => left.map((value, n) => minus(value, right[n] ?? null)),
    first,
  );
}

function termOf(term: string, series: ReadonlyMap<string, Series>): Series {
  const named = (id: string) => {
    const found = series.get(id);
    if (found === undefined) throw new Error(`Metric math knows no ${id}`);
    return found;
  };
  const [, id, filler] = FILLED.exec(term) ?? [];
  if (id !== undefined) return fill(named(id), Number(filler));
  const [, list] = HIGHEST.exec(term) ?? [];
  if (list !== undefined) return highest(list.split(", ").map(named));
  throw new Error(`Metric math that is not evaluated here: ${term}`);
}

/** A metric that has no value at all in the range is no series, and stays empty. */
function fill(values: Series, filler: number): Series {
  return values.every((value) => value === null) ? values : values.map((value) => value ?? filler);
}

function highest(all: readonly Series[]): Series {
  return (all[0] ?? []).map((_, n) => {
    const values = all.flatMap((series) => series[n] ?? []);
    return values.length === 0 ? null : Math.max(...values);
  });
}

function minus(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : left - right;
}
