/**
 * What `npm run bench` measures, in this order. To add a measure is one entry: a module beside this
 * file, the name of the function that it exports, and what its figures should at most be.
 */
export const MEASURES = {
  overhead: {
    module: "overhead.ts",
    measure: "measure",
    goals: { overheadRatio: 1.1 },
    about: "a full legacy probe, and its four requests alone, interleaved; medians",
  },
  truth: {
    module: "truth.ts",
    measure: "measure",
    pinned: true,
    goals: { truthErrorP95: 0.1, "truth.seconds": 30 },
    about: "|reported - true| / true of each step, p95; true is what the server measured",
  },
  fanout: {
    module: "fanout.ts",
    measure: "measure",
    pinned: true,
    goals: { "fanout.seconds": 20, "fanout.rssMb": 256 },
    about: "all targets due at once, four requests of 200 ms each; RSS at its highest",
  },
  bundle: {
    module: "bundle.mjs",
    measure: "measure",
    goals: { bundleKb: 800, initRatio: 1.3 },
    about: "the probe function: kB read at start; its import beside that of the two MCP clients",
  },
  shard: {
    module: "shard.mjs",
    measure: "measure",
    goals: { "shard.healthyRssMb": 512, "shard.hangingRssMb": 512 },
    about: "one invocation of the built probe function with 200 targets: all up, then all hanging",
  },
  cli: {
    module: "cli.ts",
    measure: "measure",
    goals: {},
    about: "from start to exit of a new process: `vigil --version`, `vigil check`, `node -e 0`",
  },
  page: {
    module: "page.ts",
    measure: "measurePage",
    goals: { pageRenderMs: 200, pageKb: 500 },
    about: "the overview of 100 targets over 90 days, a run a minute: one rendering, p95; its size",
  },
  widget: {
    module: "widget.mjs",
    measure: "measure",
    goals: { widgetMs: 300, widgetKb: 500 },
    about:
      "the built CloudWatch widget, 100 followed targets over 3 h: query and drawing, p95, when warm",
  },
  history: {
    module: "history.ts",
    measure: "measureHistory",
    goals: { historyQueryMs: 300 },
    about:
      "90 days of one target from their hours: query, decode, merge, percentiles; median, the first one, CPU of all threads, and the whole command",
  },
};
