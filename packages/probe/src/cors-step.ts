import { pageHeaders } from "@vigil/core";
import type { TakeExtra } from "./extras.ts";

/**
 * What a browser does for a page of the expected origin: it asks leave first, then the page's
 * requests go out with its origin. Where there are sessions the page opens its own, since only the
 * answer that gives a session must let the page read it.
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
      const page = leg.inSession ? leg.anotherClient() : client;
      if (page !== client) await page.negotiate();
      await page.listTools(null);
    },
  });
  leg.keep(step);
};
