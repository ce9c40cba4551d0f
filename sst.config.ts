/// <reference path="./.sst/platform/config.d.ts" />

export default $config({
  app: ({ stage }) => ({
    name: "vigil",
    home: "aws",
    providers: { aws: { version: "7.20.0" } },
    // History outlives a slip: `sst remove --stage production` is refused, and keeps the table.
    protect: stage === "production",
    removal: stage === "production" ? "retain" : "remove",
  }),
  async run() {
    // SST allows no import at the top of this file.
    const { loadConfig } = await import("./stacks/config.ts");
    const { openRegions } = await import("./stacks/regions.ts");
    const { keepHistory } = await import("./stacks/storage.ts");
    const { openTopics } = await import("./stacks/topics.ts");
    const { openPager } = await import("./stacks/paging.ts");
    const { probeTargets } = await import("./stacks/probes.ts");
    const { followDeployments } = await import("./stacks/deployments.ts");
    const { raiseAlarms } = await import("./stacks/alarms.ts");
    const { openWidget } = await import("./stacks/widget.ts");
    const { drawDashboards } = await import("./stacks/dashboard.ts");
    const { deployDemo } = await import("./stacks/demo.ts");
    const { billLine } = await import("./stacks/outputs.ts");

    const config = await loadConfig();
    const regions = openRegions(config);
    const storage = keepHistory(regions);
    const topics = openTopics({ paging: config.paging, regions });
    const pager = openPager({ config, regions, storage, topics });
    const probes = probeTargets({ config, regions, storage, pager });
    followDeployments({ config, regions, storage, probes });
    const alarms = raiseAlarms({ config, regions, storage, probes, topics, pager });
    const widget = openWidget({ config, regions, storage });
    const dashboard = drawDashboards({ config, home: regions.home, alarms, widget });
    const demo = deployDemo({ config, regions });
    return {
      dashboard,
      history: storage.table.name,
      pages: topics.pages.arn,
      monitor: topics.monitors.get(regions.home.name)?.arn,
      bill: billLine(config),
      ...(demo !== null && { demo }),
    };
  },
});
