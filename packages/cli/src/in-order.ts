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
