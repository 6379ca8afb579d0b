// Draws what stands in #chart-data: Pareto, p-chart, OC curve. Tables beside them say the same to who sees no picture.
(() => {
  "use strict";
  const told = document.getElementById("chart-data");
  if (!told || !window.echarts) return;
  const data = JSON.parse(told.textContent);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const { color: ink, fontFamily } = getComputedStyle(document.body);
  const good = colour("--ch1"), bad = colour("--fail-line"), soft = colour("--line-2");
  const classes = [bad, colour("--ch3"), good];
  const percent = (value) => `${(100 * value).toFixed(1).replace(/\.0$/, "")}%`;
  const axis = { axisLabel: { color: ink }, axisLine: { lineStyle: { color: soft } }, splitLine: { lineStyle: { color: soft, opacity: 0.4 } } };
  const frame = { animation: false, textStyle: { fontFamily, color: ink }, grid: { left: 8, right: 16, top: 32, bottom: 8, containLabel: true } };
  const shares = { ...axis, type: "value", min: 0, axisLabel: { color: ink, formatter: percent } };
  const pictures = {
    pareto: (place) => ({
      ...frame,
      tooltip: { renderMode: "richText", trigger: "axis" },
      xAxis: { ...axis, type: "category", data: data.pareto.map((one) => one.name), axisLabel: { color: ink, interval: 0, overflow: "break", width: (0.75 * place.clientWidth) / data.pareto.length } },
      yAxis: [{ ...axis, type: "value", minInterval: 1 }, { ...shares, max: 1, splitLine: { show: false } }],
      series: [
        { type: "bar", data: data.pareto.map((one) => one.count), itemStyle: { color: good }, barMaxWidth: 48 },
        { type: "line", yAxisIndex: 1, data: data.pareto.map((one) => one.share), itemStyle: { color: bad } },
      ],
    }),
    control: () => ({
      ...frame,
      tooltip: { renderMode: "richText", trigger: "axis", valueFormatter: percent },
      xAxis: { ...axis, type: "category", data: data.dots.map((one) => one.lot) },
      yAxis: shares,
      series: [
        { type: "line", step: "middle", symbol: "none", data: data.dots.map((one) => one.upper), lineStyle: { color: bad, type: "dashed" }, itemStyle: { color: bad } },
        { type: "line", step: "middle", symbol: "none", data: data.dots.map((one) => one.lower), lineStyle: { color: bad, type: "dashed" }, itemStyle: { color: bad } },
        {
          type: "line",
          data: data.dots.map((one) => ({ value: one.fraction, itemStyle: { color: one.is_out ? bad : good }, symbolSize: one.is_out ? 10 : 6 })),
          lineStyle: { color: good },
          markLine: { symbol: "none", silent: true, label: { show: false }, lineStyle: { color: soft }, data: [{ yAxis: data.mean }] },
        },
      ],
    }),
    oc: () => ({
      ...frame,
      color: classes,
      legend: { textStyle: { color: ink }, top: 0 },
      tooltip: { renderMode: "richText", trigger: "axis", valueFormatter: percent, axisPointer: { label: { formatter: (on) => percent(on.value) } } },
      xAxis: { ...shares },
      yAxis: { ...shares, max: 1 },
      series: data.map((one) => ({ name: one.name, type: "line", symbol: "none", data: one.points })),
    }),
  };
  const draw = () => document.querySelectorAll("[data-chart]").forEach((place) => {
    const chart = window.echarts.init(place, null, { renderer: "canvas" });
    chart.setOption(pictures[place.dataset.chart](place));
    window.addEventListener("resize", () => chart.resize());
  });
  // The font comes in parts, as texts need them; a canvas would show boxes for a part that is not there yet.
  document.fonts.load(`12px ${fontFamily}`, told.textContent).then(draw, draw);
})();
