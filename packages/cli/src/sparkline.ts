const BLOCKS = "▁▂▃▄▅▆▇█";
/** For terminals that show no more than ASCII. */
const ASCII = "_.-:=+*#";
const NOTHING = " ";

export interface SparklineOptions {
  /** At most so many characters; further values are drawn together, as the highest of them. */
  readonly width: number;
  readonly unicode: boolean;
}

/** Values as heights over 0, so that a small change looks small; a blank where there is none. */
export function sparkline(
  values: readonly (number | null)[],
  { width, unicode }: SparklineOptions,
): string {
  const levels = unicode ? BLOCKS : ASCII;
  const cells = fit(values, width);
  const highest = highestOf(cells) ?? 0;
  return cells.map((value) => (value === null ? NOTHING : level(value / highest, levels))).join("");
}

function level(share: number, levels: string): string {
  const index = Math.ceil(share * levels.length) - 1;
  return levels.charAt(Math.max(0, Number.isNaN(index) ? 0 : index));
}

function fit(values: readonly (number | null)[], width: number): readonly (number | null)[] {
  if (values.length <= width) {
    return values;
  }
  return Array.from({ length: width }, (_, cell) => {
    const start = Math.floor((cell * values.length) / width);
    return highestOf(values.slice(start, Math.floor(((cell + 1) * values.length) / width)));
  });
}

function highestOf(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>(
    (highest, value) => (value === null ? highest : Math.max(highest ?? value, value)),
    null,
  );
}

/** Whether the terminal shows UTF-8, as the locale says; Windows Terminal does in any. */
export function showsUnicode(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = env["LC_ALL"] || env["LC_CTYPE"] || env["LANG"] || "";
  return /utf-?8/iu.test(locale) || env["WT_SESSION"] !== undefined;
}
