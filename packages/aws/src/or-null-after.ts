import type { Clock } from "@vigil/core";

/** What the work comes to; null when that takes longer, or when it fails. */
export async function orNullAfter<T>(
  work: Promise<T>,
  { clock, ms }: { readonly clock: Clock; readonly ms: number },
): Promise<T | null> {
  let cancel = () => {};
  const late = new Promise<null>((resolve) => {
    cancel = clock.after(ms, () => resolve(null));
  });
  try {
    return await Promise.race([work, late]);
  } catch {
    return null;
  } finally {
    cancel();
  }
}
