export { CONFIG_PATH, configMarkdown } from "./page.ts";
