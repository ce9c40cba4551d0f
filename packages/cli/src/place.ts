import type { History, HistoryError } from "@vigil/aws";
import type { Clock } from "@vigil/core";
import { DEFAULT_DATA, type PlaceFlags } from "./flags.ts";
import type { Io } from "./io.ts";
import { bad, type Complaint, ok, type Result } from "./result.ts";
import { openStoreToRead } from "./store.ts";

/** Where a question about the past is answered. */
export interface Place {
  readonly history: History;
  /** What another command takes to ask the same place; begins with a space, unless it is empty. */
  readonly flags: string;
  /** What to do when it holds no run at all; a sentence. */
  readonly ifEmpty: string;
  /** From when on its probe goes by what was accepted, as a sentence begins. */
  readonly seenBy: string;
  /** What a read or write that failed means here. */
  explain(error: HistoryError): Complaint;
  close(): Promise<void>;
}

export interface PlaceContext {
  readonly cwd: string;
  readonly clock: Clock;
  readonly env: Io["env"];
}

/** The deployment's history with `--stage`, otherwise the data folder's. */
export async function openPlace(flags: PlaceFlags, context: PlaceContext): Promise<Result<Place>> {
  if (flags.stage !== undefined) {
    // What only a deployment needs is loaded only then.
    const { openDeployed } = await import("./deployed.ts");
    return openDeployed({ ...flags, stage: flags.stage }, context);
  }
  return flags.region === undefined
    ? openFolder(flags.data, context)
    : bad(`--region names where a deployment is at home. Name the deployment too: --stage NAME.`);
}

async function openFolder(data: string, context: PlaceContext): Promise<Result<Place>> {
  const store = await openStoreToRead({ ...context, data });
  return store.ok
    ? ok({
        ...store.value,
        flags: data === DEFAULT_DATA ? "" : ` --data ${data}`,
        ifEmpty:
          "This folder holds none yet: run vigil watch first, or name its folder with --data.",
        seenBy: "From its next run on",
        explain: (error) => ({ message: `${error.message}. Try again.`, cause: error }),
      })
    : store;
}
