// The charts of the screen. Colours come from the page, so that the dark wall has dark charts.
import { echarts } from "../entries/charts";
import type { EChartsCoreOption } from "echarts/core";
import type { FeatureCollection } from "geojson";

type Share = [number, number | null];
interface Row {
  code: string;
  name: string;
  values: Share[];
}
export interface Data {
  days: [string, number, number][];
  figures: [string, string][];
  streets: Row[];
  orgs: Row[];
  heat: FeatureCollection;
  words: Record<string, string>;
  behind: string;
}

const colour = (name: string): string => getComputedStyle(document.body).getPropertyValue(name).trim();
const share = ([n, of]: Share): number | null => (of ? n / of : null);

export function chart(element: HTMLElement, data: Data): void {
  const kind = element.dataset.chart ?? "";
  const drawn = echarts.getInstanceByDom(element) ?? echarts.init(element, undefined, { renderer: "canvas" });
  if (kind === "days") drawn.setOption(days(data));
  else rates(element, drawn, data, kind === "orgs" ? data.orgs : data.streets, kind === "orgs" ? "org" : "area");
  if (!element.dataset.ready) addEventListener("resize", () => drawn.resize());
  element.dataset.ready = "yes";
}

const text = (): Record<string, string> => ({ color: colour("--ink"), fontFamily: getComputedStyle(document.body).fontFamily });

function days(data: Data): EChartsCoreOption {
  const line = { lineStyle: { color: colour("--line") } };
  return {
    animation: false,
    textStyle: text(),
    color: [colour("--main"), colour("--good")],
    legend: { textStyle: { color: colour("--ink") }, top: 0 },
    tooltip: { trigger: "axis" },
    grid: { left: 8, right: 8, top: 32, bottom: 8, containLabel: true },
    xAxis: { type: "category", data: data.days.map((day) => day[0].slice(5)), axisLine: line, axisLabel: { color: colour("--muted") } },
    yAxis: { type: "value", minInterval: 1, splitLine: line, axisLabel: { color: colour("--muted") } },
    series: [
      { name: data.words.reported, type: "bar", data: data.days.map((day) => day[1]) },
      { name: data.words.closed, type: "line", symbol: "none", data: data.days.map((day) => day[2]) },
    ],
  };
}

type Drawn = ReturnType<typeof echarts.init>;

// Each row a street or an organisation, each column a stage, from pale to full by the share.
function rates(element: HTMLElement, drawn: Drawn, data: Data, rows: Row[], key: string): void {
  const cells = rows.flatMap((row, y) =>
    row.values.slice(0, data.figures.length).flatMap((value, x) => (share(value) === null ? [] : [[x, y, Math.round(share(value)! * 1000) / 10, ...value]])),
  );
  element.style.height = `${Math.max(10, rows.length * 2 + 5)}rem`;
  drawn.resize();
  drawn.setOption({
    animation: false,
    textStyle: text(),
    tooltip: { formatter: ({ value }: { value: number[] }) => `${value[2]} % · ${value[3]} ${data.words.of} ${value[4]} ${data.words.cases}` },
    grid: { left: 8, right: 8, top: 8, bottom: 8, containLabel: true },
    xAxis: { type: "category", position: "top", data: data.figures.map((one) => one[1]), axisLabel: { color: colour("--ink"), interval: 0, width: 88, overflow: "break" }, axisTick: { show: false } },
    yAxis: { type: "category", inverse: true, data: rows.map((row) => row.name), axisLabel: { color: colour("--ink"), width: 180, overflow: "truncate" }, axisTick: { show: false } },
    visualMap: { show: false, dimension: 2, min: 0, max: 100, inRange: { color: [colour("--bad-pale"), colour("--warn-pale"), colour("--good-pale")] } },
    series: [
      {
        type: "heatmap",
        data: cells,
        label: { show: true, color: colour("--ink"), formatter: ({ value }: { value: number[] }) => `${value[2]}` },
        itemStyle: { borderColor: colour("--paper"), borderWidth: 2 },
      },
    ],
  });
  drawn.off("click");
  drawn.on("click", (event) => {
    const [x, y] = event.value as number[];
    const query = new URLSearchParams(data.behind);
    query.set(key, rows[y!]!.code);
    query.set("figure", data.figures[x!]![0]);
    location.href = `${new URL("cases", new URL("/screen/", location.href))}?${query}`;
  });
}
