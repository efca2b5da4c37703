// What a browser has to do itself: draw charts, keep a slider and its field alike, copy, take a dropped file. It computes nothing.
"use strict";

const MAX_LABEL = 16;
const shades = ["--s0", "--s1", "--s2", "--s3", "--s4", "--s5"];

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function short(value, unit) {
  const numbers = document.documentElement.dataset.numbers || "en";
  const text = new Intl.NumberFormat(numbers, { notation: "compact", maximumFractionDigits: 1 }).format(value);
  const sign = { usd: "$", percent: "%" }[unit] || "";
  if (numbers === "de") return sign ? `${text}\u00a0${sign}` : text;
  return unit === "percent" ? `${text}%` : `${sign}${text}`.replace("$-", "-$");
}

// Bars of several series stand beside each other: each takes its share of what is between two places.
function beside(place, count) {
  const size = 0.8 / count;
  const values = (read) => (chart) => chart.data[0].map(read);
  return uPlot.paths.bars({
    disp: {
      x0: { unit: 1, values: values((at) => at - 0.4 + place * size) },
      size: { unit: 1, values: values(() => size * 0.92) },
    },
  });
}

function options(told, width) {
  const labels = told.x.map((one) => (one.length > MAX_LABEL ? `${one.slice(0, MAX_LABEL - 1)}…` : one));
  const bars = told.kind === "bar" || told.kind === "pie";
  const axis = { stroke: color("--quiet"), grid: { stroke: color("--line"), width: 1 }, ticks: { show: false } };
  const series = told.series.map((one, place) => {
    const shade = color(shades[place % shades.length]);
    return {
      label: one.label,
      stroke: shade,
      width: 2,
      points: { show: told.x.length === 1 },
      ...(bars ? { fill: shade, paths: beside(place, told.series.length) } : {}),
      ...(told.kind === "area" ? { fill: `${shade}40` } : {}),
    };
  });
  return {
    width,
    height: 220,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false, range: (_, low, high) => [low - 0.5, high + 0.5] }, y: { range: { min: { soft: 0, mode: 1 }, max: { pad: 0.1 } } } },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 32,
        space: Math.max(60, 8 * Math.max(...labels.map((one) => one.length))),
        incrs: [1, 2, 3, 4, 5, 7, 10, 14, 20, 28, 50, 100],
        values: (_, splits) => splits.map((place) => labels[place] ?? ""),
      },
      { ...axis, size: 64, values: (_, splits) => splits.map((value) => short(value, told.unit)) },
    ],
    series: [{}, ...series],
  };
}

function draw(place) {
  const told = JSON.parse(place.dataset.chart);
  place.replaceChildren();
  const width = Math.max(place.clientWidth, 200);
  const data = [told.x.map((_, nth) => nth), ...told.series.map((one) => one.values)];
  place.drawnWidth = width;
  new uPlot(options(told, width), data, place);
}

const watching = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target.isConnected && Math.abs(target.clientWidth - target.drawnWidth) > 8) draw(target);
});

function drawAll(within) {
  for (const place of within.querySelectorAll("[data-chart]")) {
    draw(place);
    watching.observe(place);
  }
}

async function copy(button) {
  const text = button.dataset.copy ?? new URL(button.dataset.copyLink, location.href).href;
  const said = button.parentElement.querySelector("[role=status]");
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = "Copied.";
  } catch {
    said.textContent = text; // the browser lets nobody copy here: it is shown, to be copied by hand
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-copy-link]");
  if (button) copy(button);
});

document.addEventListener(
  "input",
  (event) => {
    const field = event.target;
    if (field.dataset.with) document.getElementById(field.dataset.with).value = field.value;
    const slider = field.id ? document.querySelector(`[data-with="${CSS.escape(field.id)}"]`) : null;
    if (slider) slider.value = field.value;
  },
  true, // before the form is sent for what was typed
);

for (const form of document.querySelectorAll(".drop")) {
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.querySelector("[type=file]").files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && event.target.closest?.("details[open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// What comes in place of a part is left as that part was: what was unfolded stays so, and the focus stays where it was.
const leaving = {};
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target } = detail;
  leaving[target.id] = { had: target.contains(document.activeElement), open: !!target.querySelector("details.how[open]") };
});
document.addEventListener("htmx:load", ({ detail }) => {
  const part = detail.elt.id && leaving[detail.elt.id];
  if (!part) return;
  delete leaving[detail.elt.id];
  const how = detail.elt.querySelector("details.how");
  if (part.open && how) how.open = true;
  if (!part.had || detail.elt.contains(document.activeElement)) return;
  const place = part.open && how ? how.querySelector("summary") : detail.elt;
  if (place === detail.elt) place.tabIndex = -1;
  place.focus({ preventScroll: true });
});

if (typeof htmx === "undefined") drawAll(document);
else htmx.onLoad(drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawAll(document));
