/** How many letters a typing error may change. */
const MAX_CHANGES = 3;

/** The known word that `word` was most likely meant to be; undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const near = known
    .map((candidate) => ({ candidate, changes: changesBetween(word, candidate) }))
    .filter(({ candidate, changes }) => changes <= Math.min(MAX_CHANGES, candidate.length / 2))
    .sort((a, b) => a.changes - b.changes);
  // A part of a name is near it too: `envelope` for `lambda-envelope`.
  const part = word.length >= 4 ? known.find((candidate) => candidate.includes(word)) : undefined;
  return near[0]?.candidate ?? part;
}

/** Levenshtein's distance, a row at a time. */
function changesBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
