/** The client's patience where a fault is to run into it: short, since the whole of it is waited. */
export const SHORT_TIMEOUT_MS = 800;
/** Patience that no sound answer on loopback comes near, however busy the machine. */
export const LONG_TIMEOUT_MS = 8_000;
