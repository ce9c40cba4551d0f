/** Does `work` for every item, `atOnce` at a time, and gives back what came of each. */
export async function pool<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<ReadonlyMap<T, PromiseSettledResult<R>>> {
  const done = new Map<T, PromiseSettledResult<R>>();
  const waiting = [...items];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const [result] = await Promise.allSettled([work(item)]);
      done.set(item, result);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return done;
}

/** The result of an item, or its error. */
export function resultOf<T, R>(done: ReadonlyMap<T, PromiseSettledResult<R>>, item: T): R {
  const result = done.get(item);
  if (result === undefined) throw new Error("not played");
  if (result.status === "rejected") throw result.reason;
  return result.value;
}
