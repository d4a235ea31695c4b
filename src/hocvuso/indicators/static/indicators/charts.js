// @ts-check
/**
 * Charts of officers' pages, drawn by Apache ECharts as SVG. They enhance tables that stand on the page already: without
 * scripts, or if the library does not load, the tables say the same.
 */

/** @type {Map<string, Promise<any>>} */
const libraries = new Map();

/**
 * Load a classic script once.
 * @param {string} address
 * @returns {Promise<any>} the global `echarts`
 */
function library(address) {
  let loading = libraries.get(address);
  if (!loading) {
    loading = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve(/** @type {any} */ (window).echarts);
      script.onerror = () => reject(new Error(address));
      document.head.append(script);
    });
    libraries.set(address, loading);
  }
  return loading;
}

/** @param {string} name of a custom property, such as `--blue` */
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const language = document.documentElement.lang === "en" ? "en-GB" : "vi-VN";
/** @param {number} value */
const number = (value) => new Intl.NumberFormat(language).format(Math.round(value));
/** @param {number} ratio */
const percent = (ratio) => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(ratio);
/** @param {string | number} day */
const shortDay = (day) => new Intl.DateTimeFormat(language, { day: "numeric", month: "numeric" }).format(new Date(day));

const font = () => ({ color: colour("--ink-2"), fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 });

/** A chart that waits until it is nearly on screen, follows its box, and draws itself anew when the colours change. */
class Chart extends HTMLElement {
  connectedCallback() {
    this.nearby = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) {
        (this.nearby && this.nearby.disconnect());
        this.begin();
      }
    }, { rootMargin: "300px" });
    this.nearby.observe(this);
  }

  disconnectedCallback() {
    (this.nearby && this.nearby.disconnect());
    (this.box && this.box.disconnect());
    (this.theme && this.theme.disconnect());
    (this.chart && this.chart.dispose());
    this.chart = undefined;
  }

  async begin() {
    try {
      const echarts = await library(this.dataset.library || "");
      this.chart = echarts.init(this, undefined, { renderer: "svg" });
      await this.prepare(echarts);
      this.draw();
      this.setAttribute("role", "img"); // what is drawn has its words now; before that there is nothing to name
      this.box = new ResizeObserver(() => (this.chart && this.chart.resize()));
      this.box.observe(this);
      this.theme = new MutationObserver(() => this.draw());
      this.theme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "data-text"] });
    } catch (error) {
      this.dataset.failed = "";
    }
  }

  /** @param {any} _echarts */
  async prepare(_echarts) {}

  draw() {
    (this.chart && this.chart.setOption(this.option(), { notMerge: true }));
  }

  /** @returns {object} */
  option() {
    return {};
  }
}

/** Weeks of one indicator: the sum so far with the pace ahead and the target, and below it what each week brought. */
class Trend extends Chart {
  async prepare() {
    const table = document.getElementById(this.dataset.table || "");
    this.weeks = [...(((table && table.querySelectorAll("tbody tr")) || []))].map((row) => {
      const { last, new: fresh, total } = /** @type {HTMLElement} */ (row).dataset;
      return { day: (last || ""), fresh: Number(fresh), total: Number(total) };
    });
    if (!this.weeks.length) throw new Error("no weeks");
  }

  option() {
    const weeks = (this.weeks || []);
    const { due, expected, target, needed } = this.dataset;
    const names = {
      total: this.dataset.nameTotal, fresh: this.dataset.nameNew, pace: this.dataset.namePace,
      target: this.dataset.nameTarget, needed: this.dataset.nameNeeded,
    };
    const last = weeks[weeks.length - 1];
    const ahead = due && expected && due > last.day ? [[last.day, last.total], [due, Number(expected)]] : [];
    const end = ahead.length ? due : last.day;
    const goal = target ? Number(target) : undefined;
    const weekly = needed ? Number(needed) * 7 : undefined;
    const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    const text = font();
    const line = { lineStyle: { color: colour("--line") } };
    const small = this.clientWidth < 480;
    const axis = { axisLine: line, axisTick: { show: false }, splitLine: { show: false } };
    this.setAttribute("aria-label", `${names.total}: ${number(last.total)}` + (goal ? `. ${names.target}: ${number(goal)}` : ""));
    /** @param {number} index @param {boolean} labels */
    const days = (index, labels) => (Object.assign({ type: "time", gridIndex: index, min: weeks[0].day, max: end }, axis, { axisLabel: Object.assign({}, text, { show: labels, formatter: shortDay, hideOverlap: true }) }));
    /** @param {number} index @param {number} parts */
    const counts = (index, parts) => ({
      type: "value", gridIndex: index, splitNumber: parts, minInterval: 1, axisLine: { show: false },
      splitLine: line, axisLabel: Object.assign({}, text, { formatter: number }),
    });
    return {
      animation: animate, animationDuration: 400, textStyle: text,
      grid: [{ left: 60, right: 16, top: small ? 84 : 60, bottom: "42%" }, { left: 60, right: 16, top: "70%", bottom: 30 }],
      legend: {
        top: 0, left: 0, itemWidth: 18, itemHeight: 10, itemGap: 14, textStyle: text,
        data: [
          { name: names.total, icon: "path://M0 4h20v3H0z" },
          ...(ahead.length ? [{ name: names.pace, icon: "path://M0 4h5v3H0zM8 4h5v3H8zM16 4h5v3h-5z" }] : []),
          { name: names.fresh, icon: "rect" },
        ],
      },
      tooltip: {
        trigger: "axis", renderMode: "richText", backgroundColor: colour("--card"), borderColor: colour("--edge"),
        textStyle: Object.assign({}, text, { color: colour("--ink") }),
        formatter: (/** @type {any[]} */ points) =>
          [shortDay(points[0].axisValue), ...points.map((point) => `${point.seriesName}: ${number(point.value[1])}`)].join("\n"),
      },
      axisPointer: { link: [{ xAxisIndex: "all" }], lineStyle: { color: colour("--edge") } },
      xAxis: [days(0, false), days(1, true)],
      yAxis: [Object.assign({}, counts(0, 3), { max: goal ? Math.ceil(Math.max(goal, last.total, Number((expected || 0))) * 1.06) : undefined, axisLabel: Object.assign({}, text, { formatter: number, showMaxLabel: false }) }), Object.assign({}, counts(1, 2), { max: weekly ? Math.ceil(Math.max(weekly, ...weeks.map((week) => week.fresh)) * 1.25) : undefined, axisLabel: Object.assign({}, text, { formatter: number, showMaxLabel: false }) })],
      series: [
        {
          name: names.total, type: "line", showSymbol: false, color: colour("--blue"), lineStyle: { width: 3 },
          areaStyle: { color: colour("--sky"), opacity: 1 }, data: weeks.map((week) => [week.day, week.total]),
          markLine: goal
            ? { silent: true, symbol: "none", animation: false, lineStyle: { color: colour("--ink"), type: "solid", width: 1.5 },
                label: Object.assign({}, text, { color: colour("--ink"), position: "insideStartTop", formatter: `${names.target} ${number(goal)}` }), data: [{ yAxis: goal }] }
            : undefined,
        },
        { name: names.pace, type: "line", showSymbol: false, color: colour("--blue"), lineStyle: { width: 2, type: "dashed" }, data: ahead },
        {
          name: names.fresh, type: "bar", xAxisIndex: 1, yAxisIndex: 1, color: colour("--hatch"), barMaxWidth: 14,
          data: weeks.map((week) => [week.day, week.fresh]),
          markLine: weekly
            ? { silent: true, symbol: "none", animation: false, lineStyle: { color: colour("--brick"), type: "dashed", width: 1.5 },
                label: Object.assign({}, text, { color: colour("--brick"), position: "insideStartTop", formatter: `${names.needed} ${number(weekly)}` }), data: [{ yAxis: weekly }] }
            : undefined,
        },
      ],
    };
  }
}

/** The units below on a map, coloured by their share; a click opens the unit. */
class UnitMap extends Chart {
  /** @param {any} echarts */
  async prepare(echarts) {
    const answer = await fetch((this.getAttribute("src") || ""), { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(String(answer.status));
    this.shapes = await answer.json();
    if (!this.shapes.features.length) throw new Error("no shapes");
    for (const feature of this.shapes.features) feature.properties.key = feature.properties.code;
    this.map = `units-${this.getAttribute("src")}`;
    echarts.registerMap(this.map, this.shapes);
    this.chart.on("click", (/** @type {any} */ event) => {
      if ((event.data && event.data.href)) location.assign(event.data.href);
    });
    const source = (this.closest("figure") && this.closest("figure").querySelector("[data-map-source]"));
    if (source && this.shapes.source) source.textContent = this.shapes.source;
  }

  option() {
    const text = font();
    const words = Object.assign({}, this.dataset);
    const data = this.shapes.features.map((/** @type {any} */ feature) => {
      const { code, name, people, whole, ratio, href } = feature.properties;
      return { name: code, title: name, value: ratio === null ? Number.NaN : ratio * 100, people, whole, ratio, href };
    });
    this.setAttribute("aria-label", (words.name || ""));
    let from = Number.NEGATIVE_INFINITY;
    const pieces = [...(((this.closest("figure") && this.closest("figure").querySelectorAll("[data-below]")) || []))].map((swatch) => {
      const below = Number(/** @type {HTMLElement} */ (swatch).dataset.below);
      const piece = { gte: from, lt: below, color: getComputedStyle(swatch).backgroundColor };
      from = below;
      return piece;
    });
    return {
      textStyle: text,
      tooltip: {
        renderMode: "richText", backgroundColor: colour("--card"), borderColor: colour("--edge"),
        textStyle: Object.assign({}, text, { color: colour("--ink") }),
        formatter: (/** @type {any} */ { data: unit }) =>
          unit ? `${unit.title}\n${unit.ratio === null ? words.noFigure : percent(unit.ratio)} · ${number(unit.people)} ${words.people}` : "",
      },
      visualMap: { type: "piecewise", show: false, outOfRange: { color: colour("--sand") }, pieces },
      series: [{
        type: "map", map: this.map, top: 4, left: 4, right: 4, bottom: 4, nameProperty: "key", roam: false, selectedMode: false, data,
        itemStyle: { areaColor: colour("--sand"), borderColor: colour("--card"), borderWidth: 1 },
        emphasis: { label: { show: false }, itemStyle: { areaColor: colour("--lamp") } },
      }],
    };
  }
}

customElements.define("hvs-trend", Trend);
customElements.define("hvs-map", UnitMap);
