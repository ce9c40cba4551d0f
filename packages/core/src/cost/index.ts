export * from "./bill.ts";
export * as capacity from "./capacity.ts";
export { COST_PATH, costMarkdown } from "./page.ts";
export { PRICES, PRICES_DATE, PRICES_REGION, type Price, type PriceName } from "./prices.ts";
