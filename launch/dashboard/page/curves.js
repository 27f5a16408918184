// Curves over the last half minute, one figure per plot; plots appear as the run names them.

import { color, fitted } from "./colors.js";

const WINDOW_S = 30;
const INKS = ["robot", "locked", "path", "other"];

export class Curves {
  constructor(box) {
    this.box = box;
    this.plots = new Map();
  }

  clear() {
    this.box.replaceChildren();
    this.plots.clear();
  }

  add(t, values) {
    for (const [name, points] of Object.entries(values)) {
      const plot = this.plots.get(name) ?? this.make(name, Object.keys(points));
      const last = plot.rows.length ? plot.rows[plot.rows.length - 1][0] : -Infinity;
      if (t < last) plot.rows.length = 0; // an earlier moment of a log
      if (t === last) plot.rows.pop(); // the run is held, or slower than the page
      plot.rows.push([t, points]);
      while (plot.rows[0][0] < t - WINDOW_S) plot.rows.shift();
      drawPlot(plot, t);
    }
  }

  make(name, keys) {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${name} over the last ${WINDOW_S} seconds`);
    caption.textContent = name;
    keys.forEach((key, index) => {
      const mark = document.createElement("b");
      mark.textContent = key;
      mark.className = INKS[index % INKS.length];
      caption.append(mark);
    });
    figure.append(caption, canvas);
    this.box.append(figure);
    const plot = { canvas, rows: [], keys };
    this.plots.set(name, plot);
    return plot;
  }
}

function drawPlot({ canvas, rows, keys }, now) {
  const { pen, width, height } = fitted(canvas, 0.22);
  const all = rows.flatMap(([, points]) => Object.values(points));
  let [low, high] = [Math.min(...all), Math.max(...all)];
  const spare = Math.max(0.1, 0.1 * (high - low));
  [low, high] = [low - spare, high + spare];
  const y = (value) => height - ((value - low) / (high - low)) * height;
  pen.font = "11px system-ui, sans-serif";
  pen.fillStyle = color("soft");
  pen.fillText(high.toPrecision(2), 2, 10);
  pen.fillText(low.toPrecision(2), 2, height - 3);
  if (low < 0 && high > 0) {
    pen.strokeStyle = color("line");
    pen.lineWidth = 1;
    pen.beginPath();
    pen.moveTo(0, y(0)); pen.lineTo(width, y(0));
    pen.stroke();
  }
  keys.forEach((key, index) => {
    pen.strokeStyle = color(INKS[index % INKS.length]);
    pen.lineWidth = 1.7;
    pen.beginPath();
    for (const [t, points] of rows) {
      if (points[key] !== undefined) pen.lineTo(width * (1 - (now - t) / WINDOW_S), y(points[key]));
    }
    pen.stroke();
  });
}
