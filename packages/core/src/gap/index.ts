export { advance, startGap } from "./advance.ts";
export { allowanceOf, type GapFault, gapFaultOf, overdueGaps } from "./fault.ts";
export { type ChangeHint, hintFor, isChangeEvent, readHint } from "./hints.ts";
export { type Readiness, readiness } from "./ready.ts";
export * from "./record.ts";
export * from "./types.ts";
export * from "./watch.ts";
export { type GapPatience, holdsPages } from "./window.ts";
