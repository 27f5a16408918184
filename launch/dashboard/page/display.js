// What the display's own screen shows: a face that looks at whom it is locked on to, or who is at the other end of a
// call; what it heard, says and does.

import { connect } from "./net.js";

const get = (id) => document.getElementById(id);
const REPLY_S = 12;
let look = 0;
let open = 1;
let said = -Infinity;

connect({
  link(up) {
    if (!up) get("doing").textContent = "no run";
  },
  moment(now) {
    for (const line of now.lines) {
      if (line.level === "reply") { get("reply").textContent = line.text; said = line.t; }
      if (line.level === "said") get("heard").textContent = `“${line.text}”`;
    }
    if (now.t - said > REPLY_S) get("reply").textContent = "";
    const { display, doing, lock } = now.states;
    get("doing").textContent = [doing, display, lock].filter(Boolean).join(" · ");
    open = (lock ?? "").startsWith("locked") ? 1 : 0.55;
    if (!now.call) draw(now.t);
    get("face").setAttribute("aria-label", now.call ? "Whoever is at the other end of the call" : "The robot's face");
    get("face").dataset.shows = now.call ? "call" : "face";
  },
  caller(header, bitmap) {
    const canvas = get("face");
    if (canvas.dataset.shows === "call") drawCaller(canvas, bitmap);
    bitmap.close();
  },
  camera(header) {
    const locked = header.boxes.find((box) => box.lock);
    look = locked ? (locked.box[0] + locked.box[2] / 2) / header.size[0] - 0.5 : 0;
  },
}, "display");

// Whole, in the middle: the caller is not cut.
function drawCaller(canvas, bitmap) {
  const pen = canvas.getContext("2d");
  const scale = Math.min(canvas.width / bitmap.width, canvas.height / bitmap.height);
  const [wide, high] = [bitmap.width * scale, bitmap.height * scale];
  pen.clearRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, (canvas.width - wide) / 2, (canvas.height - high) / 2, wide, high);
}

function draw(t) {
  const canvas = get("face");
  const pen = canvas.getContext("2d");
  const [wide, high] = [canvas.width, canvas.height];
  pen.clearRect(0, 0, wide, high);
  const blink = t % 4.3 < 0.15 ? 0.08 : open;
  for (const side of [-1, 1]) {
    const x = wide / 2 + side * 150 + look * 60;
    pen.fillStyle = "#7fd0ff";
    pen.beginPath();
    pen.ellipse(x, high * 0.42, 62, 86 * blink, 0, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = "#0d0f13";
    pen.beginPath();
    pen.ellipse(x + look * 40, high * 0.42, 24, Math.min(30, 70 * blink), 0, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.strokeStyle = "#7fd0ff";
  pen.lineWidth = 12;
  pen.lineCap = "round";
  pen.beginPath();
  pen.moveTo(wide / 2 - 70, high * 0.76);
  pen.quadraticCurveTo(wide / 2, high * (0.76 + 0.1 * open), wide / 2 + 70, high * 0.76);
  pen.stroke();
}
