import type { TakeExtra } from "./extras.ts";

/**
 * Simultaneous requests in the leg's one session, each over a connection of its own, as the load of
 * several clients spreads over a function's environments. The connections are opened before, so
 * that the requests leave together and their time is the server's.
 */
export const takeConcurrency: TakeExtra = async (leg) => {
  const { concurrency } = leg.target;
  if (concurrency === null) return;
  const { clients } = concurrency;
  const own = await Promise.all(Array.from({ length: clients }, () => leg.connect()));
  try {
    const step = await leg.take({
      step: "concurrency",
      label: `${clients} simultaneous clients`,
      own,
      act: (client) => Promise.allSettled(own.map(() => client.listTools(null))),
    });
    leg.keep(step);
  } finally {
    for (const way of own) way.destroy();
  }
};
