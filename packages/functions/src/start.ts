import { reasonOf } from "@vigil/aws";
import { EnvironmentError } from "./environment.ts";
import { createLog } from "./log.ts";

/**
 * Carries out what a function does at init scope. What goes wrong there fails every invocation, and
 * has its line in the log like anything else; the platform's own is no JSON of ours.
 */
export function start<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    const isOurs = error instanceof EnvironmentError;
    createLog(process.env["AWS_REGION"] || "unknown").trouble("start-failed", {
      reason: isOurs ? error.code : reasonOf(error),
      ...(isOurs && { problem: error.message }),
    });
    throw error;
  }
}
