import { LOCAL_VANTAGE } from "../config/regions.ts";

/** Regions that every account may use, by partition; neighbours of one part of the world in a row. */
const PARTITIONS: readonly (readonly string[])[] = [
  [
    "us-east-1",
    "us-east-2",
    "us-west-2",
    "us-west-1",
    "ca-central-1",
    "eu-west-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-2",
    "eu-west-3",
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-south-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "sa-east-1",
  ],
  ["us-gov-west-1", "us-gov-east-1"],
  ["cn-north-1", "cn-northwest-1"],
];

/**
 * Where to probe from: a region that is none of the targets', since its outage would silence its own
 * alarm, but in the same part of the world as most of them; `local` where there is none.
 */
export function proposeVantage(targetRegions: readonly string[]): string {
  const [most] = byFrequency(targetRegions);
  if (most === undefined) return LOCAL_VANTAGE;
  const partition = PARTITIONS.find((regions) => regions.some((one) => kin(one, most)));
  const free = (partition ?? []).filter((region) => !targetRegions.includes(region));
  return free.find((region) => part(region) === part(most)) ?? free[0] ?? LOCAL_VANTAGE;
}

function byFrequency(regions: readonly string[]): readonly string[] {
  const count = (region: string) => regions.filter((other) => other === region).length;
  return [...new Set(regions)].sort((a, b) => count(b) - count(a));
}

/** Whether both are of one partition: China and GovCloud see nothing of the others. */
function kin(a: string, b: string): boolean {
  return partitionOf(a) === partitionOf(b);
}

function partitionOf(region: string): string {
  const [, partition = "aws"] = /^(cn|us-gov|us-iso[bf]?|eu-isoe|eusc-de)-/.exec(region) ?? [];
  return partition;
}

/** `eu` of `eu-west-1`. */
function part(region: string): string {
  return region.split("-")[0] ?? region;
}
