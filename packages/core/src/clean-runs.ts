/** Clean runs in a row before a target is called well again. */
export const CLEAN_RUNS = 2;
