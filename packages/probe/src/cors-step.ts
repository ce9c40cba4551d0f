import { pageHeaders } from "@vigil/core";
import type { TakeExtra } from "./extras.ts";

/**
 * What a browser does for a page of the expected origin: it asks leave first, then the page's
 * request goes out with its origin.
 */
export const takeCors: TakeExtra = async (leg) => {
  const { cors } = leg.target.expect;
  if (cors === null) return;
  const { origin } = cors;
  const asked = {
    accept: "*/*",
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers": pageHeaders(leg.target, leg).join(","),
  };
  const step = await leg.take({
    step: "cors",
    label: origin,
    headers: { origin },
    act: async (client, { preflight }) => {
      // A preflight that fails is told by its exchange.
      await preflight(asked).catch(() => {});
      await client.listTools(null);
    },
  });
  leg.keep(step);
};
