import type { VigilConfig } from "@vigil/core";

/** Where a resource is made; whatever takes no region is made in the default one by accident. */
export interface Region {
  readonly name: string;
  readonly provider: aws.Provider;
}

export interface Regions {
  /** History, metrics, alarms, dashboard and topics. */
  readonly home: Region;
  /** Home first. */
  readonly vantages: readonly Region[];
  /** The demo server's; null where none is asked for. */
  readonly demo: Region | null;
}

/** One explicit provider per region, with the tags that SST gives to what its own provider makes. */
export function openRegions({ vantages: [home, ...others], demo }: VigilConfig): Regions {
  const first = openRegion(home);
  const vantages: readonly Region[] = [first, ...others.map(openRegion)];
  if (demo === null) return { home: first, vantages, demo: null };
  const open = vantages.find(({ name }) => name === demo.region);
  return { home: first, vantages, demo: open ?? openRegion(demo.region) };
}

function openRegion(name: string): Region {
  const tags = { "sst:app": $app.name, "sst:stage": $app.stage };
  const args = { region: name as aws.Region, defaultTags: { tags } };
  return { name, provider: new aws.Provider(logicalName("Region", name), args) };
}

/** `ProbeEuWest1`: one name per thing and region, within a stage. */
export function logicalName(thing: string, region: string): string {
  const words = region.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return thing + words.join("");
}

/** `vigil-production-spill`; the same in each region. */
export function physicalName(thing: string): string {
  return `${$app.name}-${$app.stage}-${thing}`;
}
