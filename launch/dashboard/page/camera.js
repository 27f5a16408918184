// The camera's frame with a box around everybody who was found in it; a click on one locks on to them.

import { fitted } from "./colors.js";

export class Camera {
  constructor(canvas, lock) {
    this.canvas = canvas;
    this.boxes = [];
    this.size = [4, 3];
    canvas.addEventListener("click", (event) => {
      const box = this.at(event);
      if (box) lock(box.id);
    });
  }

  show(header, bitmap) {
    this.size = header.size;
    this.boxes = header.boxes;
    const { pen, width, height } = fitted(this.canvas, header.size[1] / header.size[0]);
    pen.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const scale = width / header.size[0];
    for (const box of header.boxes) drawBox(pen, box, scale);
    this.canvas.dataset.boxes = JSON.stringify(header.boxes);
  }

  at(event) {
    const frame = this.canvas.getBoundingClientRect();
    const x = ((event.clientX - frame.left) / frame.width) * this.size[0];
    const y = ((event.clientY - frame.top) / frame.height) * this.size[1];
    const hit = ({ box: [left, top, wide, high] }) => x >= left && x <= left + wide && y >= top && y <= top + high;
    return this.boxes.filter((box) => box.id !== undefined && hit(box)).pop();
  }
}

function drawBox(pen, box, scale) {
  const [left, top, wide, high] = box.box.map((value) => value * scale);
  pen.strokeStyle = pen.fillStyle = box.lock ? "#ff9d3f" : "#7fd0ff";
  pen.lineWidth = box.lock ? 3 : 2;
  pen.setLineDash(box.lock && box.lock !== "locked" ? [6, 4] : []);
  pen.strokeRect(left, top, wide, high);
  pen.setLineDash([]);
  if (box.head) drawHead(pen, box.head, left + wide / 2, top + high / 2, wide * 0.6);
  const text = `${box.id ?? "?"}${box.lock ? ` ${box.lock}` : ""}  ${box.note}`;
  pen.font = "600 13px system-ui, sans-serif";
  const room = pen.measureText(text).width + 8;
  const y = top > 20 ? top - 18 : Math.min(top + high, pen.canvas.clientHeight - 18);
  pen.fillStyle = "rgba(10, 12, 16, 0.78)";
  pen.fillRect(left, y, room, 18);
  pen.fillStyle = "#fff";
  pen.fillText(text, left + 4, y + 13);
}

// Axes of a head: red to its left, green up, blue out of the face. Signs as in messages: pitch positive looks down.
function drawHead(pen, [yaw, pitch, roll], x, y, length) {
  const [cy, sy, cp, sp, cr, sr] = [yaw, pitch, roll].flatMap((angle) => [Math.cos(angle), Math.sin(angle)]);
  const axes = [
    ["#ff5a52", cy * cr, sr],
    ["#4fd67a", sr * cp, -cr * cp],
    ["#5aa2ff", sy * cp, sp],
  ];
  pen.lineWidth = 2.5;
  for (const [ink, dx, dy] of axes) {
    pen.strokeStyle = ink;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x + dx * length, y + dy * length);
    pen.stroke();
  }
}

