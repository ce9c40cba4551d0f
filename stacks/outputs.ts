import { monthlyBill, type VigilConfig } from "@vigil/core";

/** What the deployment costs, in a line; `npx vigil cost` has it by line and by target. */
export function billLine(config: VigilConfig): string {
  const { totalUsd, perTargetUsd, profile, pricesDate, pricesRegion } = monthlyBill(config);
  const usd = (amount: number) => `$${amount.toFixed(2)}`;
  const demo = config.demo === null ? "" : ", without the demo server";
  return `${usd(totalUsd)} a month, ${usd(perTargetUsd)} per target (${profile}; prices of ${pricesRegion} of ${pricesDate}, no free tier${demo}; by line: npx vigil cost)`;
}
