import type { GapState, GapWindow } from "./types.ts";

/** Whether clients of a function meet warm environments, as far as the looks at it tell. */
export type Readiness =
  | { readonly kind: "ready" }
  /** No provisioned concurrency is configured: there is nothing to wait for. */
  | { readonly kind: "unprovisioned" }
  | { readonly kind: "waiting"; readonly window: GapWindow }
  /** The allocation failed: only another deployment, or another try of AWS's, mends it. */
  | { readonly kind: "failed"; readonly window: GapWindow }
  /** Nobody could look. */
  | { readonly kind: "unknown" };

export function readiness({ open, configured }: Pick<GapState, "open" | "configured">): Readiness {
  if (open !== null) {
    const { window } = open;
    return { kind: window.exposure === "failed" ? "failed" : "waiting", window };
  }
  if (configured === null) return { kind: "unknown" };
  return { kind: configured ? "ready" : "unprovisioned" };
}
