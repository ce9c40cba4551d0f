import { isBroken } from "../salvage.ts";
import { awsPlace } from "../urls.ts";
import type { TargetRule } from "./rule.ts";

const HOW_TO_MOVE =
  "Probe from a vantage in another region, or set allowSameRegion: true on this target.";

/** An outage of a region takes down the server and whatever watches it from there. */
export const notItsOwnVantage: TargetRule = ({ target, config: { vantages = [] } }) => {
  if (target.allowSameRegion === true || isBroken(target, "region")) return [];
  const region = target.region ?? awsPlace(target.url ?? "")?.region;
  const index = region === undefined ? -1 : vantages.indexOf(region);
  if (index === -1) return [];
  return [
    {
      path: [target.region === undefined ? "url" : "region"],
      problem: `is in ${region}, as vantages[${index}] is: an outage of that region would silence its own alarm`,
      fix: HOW_TO_MOVE,
    },
  ];
};

export const regionOfUrl: TargetRule = ({ target: { region, url = "" } }) => {
  const place = awsPlace(url);
  if (region === undefined || place === null || place.region === region) return [];
  return [
    {
      path: ["region"],
      problem: `is not the region that the URL's host names, ${place.region}`,
      fix: `Write region: "${place.region}", or correct the URL.`,
    },
  ];
};

export const functionHasRegion: TargetRule = ({ target }) => {
  const { lambda, region, url } = target;
  if (lambda === undefined || region !== undefined || isBroken(target, "region")) return [];
  if (url === undefined || awsPlace(url) !== null) return [];
  return [
    {
      path: ["lambda"],
      problem: "names a function whose region is unknown: the URL does not tell it",
      fix: 'Write region: "us-east-1", or wherever the function is, on this target.',
    },
  ];
};

/** A log group is read for its REPORT lines, and for nothing else. */
export const logGroupIsRead: TargetRule = ({ target: { lambda } }) => {
  if (lambda?.logGroup === undefined || lambda.reportLines === true) return [];
  if (isBroken(lambda, "reportLines")) return [];
  return [
    {
      path: ["lambda", "logGroup"],
      problem: "is not read without reportLines: true",
      fix: "Write reportLines: true beside it, or remove it.",
    },
  ];
};
