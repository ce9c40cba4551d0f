/** `{ a: { b: 1 } }` as `[["a.b", 1]]`. */
function flat(figures, prefix = "") {
  return Object.entries(figures).flatMap(([name, value]) =>
    typeof value === "object" && value !== null
      ? flat(value, `${prefix}${name}.`)
      : [[prefix + name, value]],
  );
}

/** Goals that the figures miss; a goal without a figure is missed too. */
export function missedGoals({ goals }, figures) {
  const values = Object.fromEntries(flat(figures));
  return Object.keys(goals).filter((name) => !(values[name] <= goals[name]));
}

export function asText({ goals, about }, figures) {
  const missed = missedGoals({ goals }, figures);
  const lines = flat(figures).map(([name, value]) => {
    const goal =
      name in goals
        ? `  goal at most ${goals[name]}: ${missed.includes(name) ? "OVER" : "ok"}`
        : "";
    return `  ${name.padEnd(20)} ${shown(value).padStart(9)}${goal}\n`;
  });
  return `${about}\n${lines.join("")}\n`;
}

/** To the thousandth at most. */
export function rounded(figures) {
  return JSON.parse(
    JSON.stringify(figures, (_name, value) =>
      typeof value === "number" ? Math.round(value * 1_000) / 1_000 : value,
    ),
  );
}

function shown(value) {
  if (typeof value !== "number" || Number.isInteger(value)) return String(value);
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(3);
}
