export { ALERTING_PATH, alertingMarkdown } from "./page.ts";
