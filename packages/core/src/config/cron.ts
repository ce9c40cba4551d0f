interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names for `min` and what follows. */
  readonly words?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of the month", min: 1, max: 31 },
  {
    name: "month",
    min: 1,
    max: 12,
    words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  },
  {
    name: "day of the week",
    min: 0,
    max: 7,
    words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
  },
];

const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** What is wrong with a five-field cron expression, as crontab(5) has it; empty when sound. */
export function cronProblems(text: string): readonly string[] {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) {
    return [`has ${parts.length} ${parts.length === 1 ? "field" : "fields"} and needs 5`];
  }
  const sets = FIELDS.map((field, index) => valuesOf(parts[index] ?? "", field));
  const broken = FIELDS.filter((_, index) => sets[index] === null);
  if (broken.length > 0) {
    const names = broken.map(({ name, min, max }) => `${name} (${min}-${max})`);
    return [`has a field that cron cannot read: ${names.join(", ")}`];
  }
  const [, , days, months] = sets;
  const anyWeekday = parts[4] === "*";
  return anyWeekday && !everComes(days ?? [], months ?? []) ? ["names a day that never comes"] : [];
}

/**
 * Tells of a time whether a sound expression names its minute, in UTC. As crontab(5) has it, a day is
 * named by either of its fields where both say which.
 */
export function readCron(text: string): (timeMs: number) => boolean {
  const parts = text.trim().split(/\s+/);
  const [minutes, hours, days, months, weekdays] = FIELDS.map((field, index) =>
    valuesOf(parts[index] ?? "", field),
  );
  const eitherIsAny = [parts[2], parts[4]].some((part) => part?.startsWith("*"));
  return (timeMs) => {
    const at = new Date(timeMs);
    const inTime =
      has(minutes, at.getUTCMinutes()) &&
      has(hours, at.getUTCHours()) &&
      has(months, at.getUTCMonth() + 1);
    const isDay = has(days, at.getUTCDate());
    const weekday = at.getUTCDay();
    const isWeekday = has(weekdays, weekday) || (weekday === 0 && has(weekdays, 7));
    return inTime && (eitherIsAny ? isDay && isWeekday : isDay || isWeekday);
  };
}

function has(values: readonly number[] | null | undefined, value: number): boolean {
  return values?.includes(value) ?? false;
}

function everComes(days: readonly number[], months: readonly number[]): boolean {
  const first = Math.min(...days);
  return months.some((month) => first <= (LONGEST_MONTHS[month - 1] ?? 0));
}

/** `*`, `a`, `a-b`, each but `a` with a step, in a list; null when it is none of these. */
function valuesOf(text: string, field: Field): readonly number[] | null {
  const values: number[] = [];
  for (const item of text.split(",")) {
    const [range = "", stepText, ...more] = item.split("/");
    const bounds = boundsOf(range, field);
    const step = stepText === undefined ? 1 : wholeNumber(stepText);
    if (bounds === null || step === null || step === 0 || more.length > 0) return null;
    const [from, to, many] = bounds;
    if (stepText !== undefined && !many) return null;
    for (let value = from; value <= to; value += step) values.push(value);
  }
  return values;
}

function boundsOf(range: string, field: Field): readonly [number, number, boolean] | null {
  if (range === "*") return [field.min, field.max, true];
  const [from = "", to, ...more] = range.split("-");
  const first = readValue(from, field);
  const last = to === undefined ? first : readValue(to, field);
  if (first === null || last === null || more.length > 0 || last < first) return null;
  return [first, last, to !== undefined];
}

function readValue(text: string, { min, max, words = [] }: Field): number | null {
  const word = words.indexOf(text.toLowerCase());
  const value = word === -1 ? wholeNumber(text) : word + min;
  return value === null || value < min || value > max ? null : value;
}

function wholeNumber(text: string): number | null {
  return /^\d{1,4}$/.test(text) ? Number(text) : null;
}
