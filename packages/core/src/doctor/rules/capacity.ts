import { lambdaCommand, qualified, remedy } from "../remedy.ts";
import { type DoctorRule, rule } from "../rule.ts";
import { called, reached, servingOf } from "../serving.ts";
import type { FunctionSubject, Remedy } from "../types.ts";

/** Provisioned concurrency on the alias that serves; a URL without one needs an alias first. */
function provision(about: FunctionSubject, serving: string, wanted = 1): Remedy {
  const put = (qualifier: string) =>
    lambdaCommand(
      about,
      "put-provisioned-concurrency-config",
      `${qualified(qualifier)} --provisioned-concurrent-executions ${wanted}`,
    );
  const iac = [
    `AutoPublishAlias: ${serving === "$LATEST" ? "live" : serving}`,
    "ProvisionedConcurrencyConfig:",
    `  ProvisionedConcurrentExecutions: ${wanted}`,
  ];
  if (serving !== "$LATEST") return remedy([put(serving)], iac);
  const published = lambdaCommand(about, "publish-version", "--query Version --output text");
  return remedy(
    [
      lambdaCommand(about, "create-alias", `--name live --function-version "$(${published})"`),
      put("live"),
      lambdaCommand(
        about,
        "create-function-url-config",
        "--qualifier live --auth-type NONE --invoke-mode RESPONSE_STREAM",
      ),
    ],
    iac,
  );
}

const COLD = ["cold-start-timeout", "transient-timeout", "timeout", "slow"] as const;

export const CAPACITY_RULES = {
  "reserved-zero": rule({
    severity: "error",
    title: "The function may not run at all",
    why: "Reserved concurrency of 0 refuses every request with 429.",
    causes: ["http-throttled", "http-server-error"],
    needs: ["reserved"],
    find({ reserved }, about) {
      if (reserved !== 0) return null;
      return {
        evidence: "the function's reserved concurrency is 0",
        remedy: remedy(
          [lambdaCommand(about, "delete-function-concurrency")],
          ["# remove: ReservedConcurrentExecutions: 0"],
        ),
      };
    },
  }),
  "reserved-full": rule({
    severity: "warning",
    title: "Nothing is left beyond provisioned concurrency",
    why: "Provisioned environments count towards the reserved ones: one request more than those at a time gets 429 instead of a cold start.",
    causes: ["http-throttled"],
    needs: ["reserved", "provisioned"],
    find({ reserved, provisioned }, about) {
      const warm = provisioned.reduce((sum, { requested }) => sum + requested, 0);
      if (reserved === null || reserved === 0 || warm === 0 || reserved > warm) return null;
      const more = warm * 5;
      return {
        evidence: `${reserved} of concurrency is reserved, and ${warm} of it provisioned`,
        remedy: remedy(
          [
            lambdaCommand(
              about,
              "put-function-concurrency",
              `--reserved-concurrent-executions ${more}`,
            ),
          ],
          [`ReservedConcurrentExecutions: ${more}`],
        ),
      };
    },
  }),
  "provisioned-bypassed": rule({
    severity: "warning",
    title: "Requests pass provisioned concurrency by",
    why: "It is paid for and warms nothing that clients reach. An unqualified URL serves $LATEST, which can have none.",
    causes: COLD,
    needs: ["urls", "configuration", "provisioned"],
    find({ urls, configuration, provisioned }, about) {
      const serving = servingOf(urls, about);
      const { version } = configuration;
      if (provisioned.length === 0) return null;
      if (reached(provisioned, { qualifier: serving, version }).length > 0) return null;
      const where = provisioned.map(({ qualifier }) => called(qualifier)).join(", ");
      const wanted = provisioned[0]?.requested || 1;
      return {
        evidence: `clients reach ${called(serving)}, and provisioned concurrency is on ${where}`,
        remedy: provision(about, serving, wanted),
      };
    },
  }),
  "provisioned-failed": rule({
    severity: "warning",
    title: "Provisioned concurrency could not be allocated",
    why: "Requests are served from cold environments until it can, and an alias stays on its old version.",
    causes: [...COLD, "function-error"],
    needs: ["urls", "configuration", "provisioned"],
    find({ urls, configuration, provisioned }, about) {
      const serving = { qualifier: servingOf(urls, about), version: configuration.version };
      const failed = reached(provisioned, serving).find(({ status }) => status === "failed");
      if (failed === undefined) return null;
      const reason = failed.reason === null ? "" : ` (${failed.reason})`;
      return {
        evidence: `provisioned concurrency on ${called(failed.qualifier)} is FAILED${reason}`,
        remedy: remedy([
          `aws logs tail /aws/lambda/${about.functionName} --region ${about.region} --since 1h --filter-pattern INIT_REPORT`,
          lambdaCommand(
            about,
            "put-provisioned-concurrency-config",
            `${qualified(failed.qualifier)} --provisioned-concurrent-executions ${failed.requested}`,
          ),
        ]),
      };
    },
  }),
  "alias-split": rule({
    severity: "warning",
    title: "The alias sends clients to two versions",
    why: "Sessions and tools may differ from request to request. AWS itself holds traffic on the old version while provisioned concurrency moves; where the new one cannot start, that stays.",
    causes: ["session-lost", "tools-drift", "tools-missing"],
    needs: ["urls", "alias", "provisioned"],
    find({ urls, alias, provisioned }, about) {
      const shares = Object.entries(alias?.weights ?? {});
      const moving = provisioned.some(({ status }) => status === "in-progress");
      if (alias === null || shares.length === 0 || moving) return null;
      const told = shares.map(
        ([version, share]) => `${Math.round(share * 100)} % to version ${version}`,
      );
      const serving = servingOf(urls, about);
      return {
        evidence: `${called(serving)} sends ${told.join(", ")} and the rest to version ${alias.version}`,
        remedy: remedy([
          lambdaCommand(
            about,
            "update-alias",
            `--name ${serving} --function-version ${alias.version} --routing-config '{}'`,
          ),
        ]),
      };
    },
  }),
  "vpc-cold-start": rule({
    severity: "hint",
    title: "Cold starts in a VPC",
    why: "An environment in a VPC starts later, and reaches public addresses, AWS's among them, only through NAT or endpoints: a start that waits for one of those ends in a time-out.",
    causes: COLD,
    needs: ["configuration", "urls", "provisioned"],
    find({ configuration: { vpcId, version }, urls, provisioned }, about) {
      const serving = servingOf(urls, about);
      if (vpcId === null) return null;
      if (reached(provisioned, { qualifier: serving, version }).length > 0) return null;
      return {
        evidence: `the function is in ${vpcId} and none of its environments is provisioned`,
        remedy: provision(about, serving),
      };
    },
  }),
  "provisioned-none": rule({
    severity: "hint",
    title: "No environment is kept warm",
    why: "The first client after a pause, each further one at a time, and all of them after a deployment wait for a cold start.",
    causes: COLD,
    needs: ["urls", "provisioned"],
    find({ urls, provisioned }, about) {
      if (provisioned.length > 0) return null;
      return {
        evidence: "the function has no provisioned concurrency",
        remedy: provision(about, servingOf(urls, about)),
      };
    },
  }),
} as const satisfies Record<string, DoctorRule>;
