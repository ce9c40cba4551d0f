export { badge, ICON } from "./badge.ts";
export { type DayRow, dayRows } from "./days.ts";
export { SHOWN, type Shown } from "./looks.ts";
export type {
  PageModel,
  Place,
  RunPoint,
  TargetDetail,
  TargetModel,
} from "./model.ts";
export { overviewPage } from "./overview.ts";
export { type Standing, standingOf } from "./standing.ts";
export { STYLE } from "./style.ts";
export { targetPage } from "./target-page.ts";
export { type WidgetModel, widgetHtml, widgetMessage } from "./widget.ts";
