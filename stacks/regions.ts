import { isFollowed, type VigilConfig } from "@vigil/core";

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
  /** Those of the functions whose deployments are followed. */
  readonly followed: readonly Region[];
}

/** One explicit provider per region, with the tags that SST gives to what its own provider makes. */
export function openRegions({ vantages: names, demo, targets }: VigilConfig): Regions {
  const opened = new Map<string, Region>();
  const open = (name: string): Region => {
    const region = opened.get(name) ?? openRegion(name);
    opened.set(name, region);
    return region;
  };
  const [home, ...others] = names;
  const followed = new Set(targets.filter(isFollowed).map(({ region }) => region));
  return {
    home: open(home),
    vantages: [open(home), ...others.map(open)],
    demo: demo === null ? null : open(demo.region),
    followed: [...followed].sort().map(open),
  };
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
