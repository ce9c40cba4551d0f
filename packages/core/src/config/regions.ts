import type { Advice } from "./advice.ts";
import { wrongKind } from "./advice.ts";
import { leaf } from "./leaf.ts";
import { nearest } from "./nearest.ts";

/** The vantage that is one machine and not an AWS region. */
export const LOCAL_VANTAGE = "local";

/** Every part that AWS has named regions with, so that a new number needs no new release. */
const REGION =
  /^(?:af|ap|ca|cn|eu|eu-isoe|eusc-de|il|me|mx|sa|us|us-gov|us-iso|us-isob|us-isof)-(?:central|north|south|east|west|northeast|northwest|southeast|southwest)-[1-9]$/;

/** To guess from what was meant; a region need not be among them. */
const COMMON_REGIONS = [
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
  "ca-central-1",
  "sa-east-1",
  "eu-west-1",
  "eu-west-2",
  "eu-west-3",
  "eu-central-1",
  "eu-central-2",
  "eu-north-1",
  "eu-south-1",
  "ap-south-1",
  "ap-east-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "me-central-1",
  "il-central-1",
  "af-south-1",
];

export function isRegion(name: string): boolean {
  return REGION.test(name);
}

export const region = leaf<string>("an AWS region", (value) => {
  if (value === LOCAL_VANTAGE) {
    return [
      {
        problem: "is a vantage, not an AWS region",
        fix: "Write the region that the server runs in, or leave it out.",
      },
    ];
  }
  return regionAdvice(value, 'Write the region that the server runs in, for example "us-east-1".');
});

export const vantage = leaf<string>(`an AWS region or "${LOCAL_VANTAGE}"`, (value) =>
  value === LOCAL_VANTAGE
    ? []
    : regionAdvice(
        value,
        'Write an AWS region, for example "eu-west-1", or "local" for one machine.',
      ),
);

function regionAdvice(value: unknown, fix: string): readonly Advice[] {
  if (typeof value !== "string") return [{ problem: wrongKind(value, "an AWS region"), fix }];
  if (isRegion(value)) return [];
  const meant = nearest(value, COMMON_REGIONS);
  const hint = meant === null ? "" : `Did you mean "${meant}"? `;
  return [{ problem: "is not an AWS region", fix: `${hint}${fix}` }];
}
