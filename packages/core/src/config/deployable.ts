import { LOCAL_VANTAGE } from "./regions.ts";
import { secretReferences } from "./secret-references.ts";
import type { ConfigFinding, Target, VigilConfig } from "./types.ts";
import { isLoopback, parseUrl } from "./urls.ts";

/** What a sound config asks for that no deployment can have, though one machine could. */
export function deployFindings({ vantages, targets }: VigilConfig): readonly ConfigFinding[] {
  const local = vantages.flatMap((vantage, index) =>
    vantage === LOCAL_VANTAGE ? [localVantage(index)] : [],
  );
  const [home] = vantages;
  return [...local, ...targets.flatMap((target, index) => targetFindings(target, { index, home }))];
}

const localVantage = (index: number): ConfigFinding => ({
  path: `vantages[${index}]`,
  problem: 'is "local", which it is also when nothing is written, and no region to deploy to',
  fix: 'Write the regions to probe from, home first, for example vantages: ["eu-west-1"].',
});

interface Place {
  readonly index: number;
  readonly home: string;
}

function targetFindings(target: Target, { index, home }: Place): readonly ConfigFinding[] {
  const at = `targets[${index}]`;
  const references = secretReferences(target).filter((reference) => reference.startsWith("env:"));
  const secrets = references.map((reference) => ({
    path: at,
    problem: `takes a secret from ${reference}, and a deployed function has no such variable`,
    fix: `Keep it in Parameter Store in ${home}, and write secret("ssm:/vigil/${target.name}/token"), or whatever its path is.`,
  }));
  if (!isLoopback(parseUrl(target.url)?.hostname ?? "")) return secrets;
  const url = {
    path: `${at}.url`,
    problem: "is this machine's own address, behind which a deployed probe finds nothing",
    fix: 'Write an address that can be reached from AWS, for example "https://….lambda-url.us-east-1.on.aws/mcp".',
  };
  return [url, ...secrets];
}
