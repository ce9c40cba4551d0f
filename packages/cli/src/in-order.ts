/** Takes results as they come and passes them on in the order of their numbers, from 0. */
export function inOrder<T>(
  emit: (value: T, index: number) => void,
): (index: number, value: T) => void {
  const waiting = new Map<number, T>();
  let next = 0;
  return (index, value) => {
    waiting.set(index, value);
    for (let ready = waiting.get(next); ready !== undefined; ready = waiting.get(next)) {
      waiting.delete(next);
      emit(ready, next);
      next += 1;
    }
  };
}

/** Calls `fn` for every item, at most `limit` at once; each starts as soon as there is room. */
export async function forEachAtMost<T>(
  limit: number,
  items: readonly T[],
  fn: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) {
      await fn(item, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
