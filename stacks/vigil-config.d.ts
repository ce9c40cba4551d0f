/** The operator's own file, which is not there before they write it. */
declare module "*/vigil.config.ts" {
  const config: unknown;

  export { config as default };
}
