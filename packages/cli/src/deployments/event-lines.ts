import type { LookTrouble } from "@vigil/aws/deployments";
import type { DeploymentExposure, FollowedTarget, GapEvent, GapWindow, Status } from "@vigil/core";
import { MARKS, type Palette } from "../palette.ts";
import { plain, wrap } from "../text.ts";
import { formatDuration } from "../time.ts";
import type { FollowTrouble } from "./follow.ts";

/** Under the runs' time. */
const INDENT = " ".repeat("08:00:00".length + 2);

export interface EventLineOptions {
  readonly palette: Palette;
  readonly width: number;
  readonly allowanceMs: number;
}

interface Told {
  readonly as: Status;
  readonly title: string;
  readonly more: string;
}

/** What a look at a target's function brought, in a few lines; nothing where it is no news. */
export function eventLines(target: string, event: GapEvent, options: EventLineOptions): string {
  const told = tell(target, event, options.allowanceMs);
  if (told === null) return "";
  const { palette, width } = options;
  const title = palette.status[told.as](palette.strong(`${MARKS[told.as]} ${told.title}`));
  const more = wrap(told.more, width - INDENT.length - 2).map((line) => `${INDENT}  ${line}`);
  return `${[`${INDENT}${title}`, ...more].join("\n")}\n`;
}

const MEETS: Readonly<Record<DeploymentExposure, string>> = {
  shielded: "AWS holds its traffic on the old version until provisioned concurrency is ready",
  exposed: "clients meet cold environments until provisioned concurrency is ready",
  failed: "its provisioned concurrency failed, so clients meet cold environments",
  unprovisioned: "there is no provisioned concurrency, so its first clients meet cold environments",
  covered: "provisioned concurrency is ready",
  unknown: "whether its provisioned concurrency is ready could not be looked at",
};

function tell(target: string, event: GapEvent, allowanceMs: number): Told | null {
  switch (event.kind) {
    case "deployed": {
      const { from, to, exposure } = event.deployment;
      const title = `${target}: version ${plain(to.version)} is deployed (${plain(from.version)} before)`;
      return { as: "up", title, more: MEETS[exposure] };
    }
    case "gap-opened":
      return opened(target, event.window, allowanceMs);
    case "exposure-changed": {
      const more = MEETS[event.window.exposure];
      return { as: markOf(event.window), title: `${target}: the gap has changed`, more };
    }
    case "gap-overdue": {
      const title = `${target}: the gap is OVERDUE`;
      const more = `open for more than ${formatDuration(allowanceMs)}: it holds no pages any more`;
      return { as: "down", title, more };
    }
    case "gap-closed":
      return closed(target, event.window);
    case "provisioning-removed": {
      const more = "clients meet cold environments from now on";
      return { as: "degraded", title: `${target}: provisioned concurrency is removed`, more };
    }
    case "absent": {
      const more = "its deployments cannot be followed until it is there again";
      return { as: "unknown", title: `${target}: the ${event.what} is gone`, more };
    }
    case "look-recovered":
      return { as: "up", title: `${target}: its function can be looked at again`, more: "" };
    case "look-failed":
      // Told as a trouble, which says what to mend.
      return null;
    default:
      return event satisfies never;
  }
}

function markOf({ exposure }: GapWindow): Status {
  return exposure === "failed" ? "down" : "degraded";
}

function opened(target: string, window: GapWindow, allowanceMs: number): Told {
  const title = `${target}: a deployment GAP is open (version ${plain(window.version)})`;
  const holds =
    window.exposure === "failed"
      ? "it holds no pages"
      : `pages wait for it, for at most ${formatDuration(allowanceMs)}`;
  return { as: markOf(window), title, more: `${MEETS[window.exposure]}; ${holds}` };
}

const ENDED: Readonly<Record<NonNullable<GapWindow["ended"]>, string>> = {
  ready: "provisioned concurrency is ready",
  removed: "provisioned concurrency was not put again",
  gone: "the function or its alias is gone",
};

function closed(target: string, window: GapWindow): Told {
  const { start, end, ended } = window;
  const lasted = Date.parse(end?.notAfter ?? window.openedAt) - Date.parse(start.notAfter);
  const title = `${target}: the gap is closed, after ${formatDuration(lasted)}`;
  const more = `${ENDED[ended ?? "ready"]}; vigil gaps ${target} tells what runs met`;
  return { as: ended === "ready" ? "up" : "degraded", title, more };
}

/** What is in the way of looking, and which setting or permission to mend. */
export function troubleText({ target, code, details }: FollowTrouble): string {
  const { name, region, lambda } = target;
  if (code === "history-failed") {
    return `what is known of ${name}'s deployments could not be kept (${String(details["reason"])}).`;
  }
  const where = `${lambda.functionName} in ${region}`;
  const found = details as unknown as LookTrouble;
  return `deployments of ${name} are not followed: ${whyNot(found, { where, lambda })}.`;
}

function whyNot(
  trouble: LookTrouble,
  { where, lambda }: { readonly where: string; readonly lambda: FollowedTarget["lambda"] },
): string {
  switch (trouble.code) {
    case "unknown-function":
      return `these AWS credentials find no function ${where}. Put lambda.functionName, the region or AWS_PROFILE right`;
    case "alias-gone":
      return `${where} has no alias or version ${lambda.qualifier}. Put lambda.qualifier right, or deploy it`;
    case "denied":
      return `these AWS credentials lack ${trouble.permission} on ${where}. Allow it`;
    case "throttled":
      return `Lambda throttles the looks at ${where}; they go on`;
    case "unprovisionable":
      return `${lambda.qualifier} of ${where} takes no provisioned concurrency, so it has no gaps. Name an alias or a version`;
    case "unreachable":
      return trouble.reason === "CredentialsProviderError"
        ? `there are no AWS credentials to look at ${where}. Sign in with aws sso login, or set AWS_PROFILE`
        : `${where} cannot be looked at (${trouble.reason}); the looks go on`;
    default:
      return trouble satisfies never;
  }
}
