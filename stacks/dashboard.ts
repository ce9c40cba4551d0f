import { dashboardNames, dashboards, dashboardUrl, type VigilConfig } from "@vigil/core";
import type { Alarms } from "./alarms.ts";
import { physicalName, type Region } from "./regions.ts";

interface DashboardOptions {
  readonly config: VigilConfig;
  readonly home: Region;
  readonly alarms: Alarms;
  readonly widget: sst.aws.Function;
}

/** Core's dashboards, at home; the address of the first, which has the overview. */
export function drawDashboards({ config, home, alarms, widget }: DashboardOptions): string {
  const bodies = $util.all([$util.all(alarms), widget.arn]).apply(([alarmArns, widgetArn]) => {
    const drawn = dashboards(config, { alarmArns, widgetArn, nameOf: physicalName });
    return drawn.map(({ body }) => JSON.stringify(body));
  });
  // How many there are is told without the ARNs, which are known only as the alarms are made.
  const names = dashboardNames(config, physicalName);
  names.forEach((dashboardName, n) => {
    const args = { dashboardName, dashboardBody: bodies.apply((all) => all[n] ?? "") };
    const logical = n === 0 ? "Dashboard-overview" : `Dashboard-targets-${n + 1}`;
    new aws.cloudwatch.Dashboard(logical, args, { provider: home.provider });
  });
  const [overview = ""] = names;
  return dashboardUrl({ name: overview, region: home.name });
}
