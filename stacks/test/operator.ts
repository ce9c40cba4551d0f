/** Stands where the operator's vigil.config.ts would be. */
let config: unknown;

export function writeConfig(written: unknown): void {
  config = written;
}

export { config as default };
