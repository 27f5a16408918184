// The home from above in map metres; what the robot believes lies on it. Without a home: who is before the display.

import { color, fitted } from "./colors.js";

const ROBOT = [[-0.21, -0.2], [-0.21, 0.2], [0.21, 0.2], [0.21, -0.2]];
const NEAR_PX = 26;

export class HomeMap {
  constructor(canvas, lock) {
    this.canvas = canvas;
    this.plan = null;
    this.image = null;
    this.grid = this.costs = null;
    this.moment = {};
    this.boxes = [];
    canvas.addEventListener("click", (event) => {
      const frame = canvas.getBoundingClientRect();
      const id = this.nearest(event.clientX - frame.left, event.clientY - frame.top);
      if (id !== undefined) lock(id);
    });
  }

  async begin(plan) {
    this.plan = plan.size ? plan : null;
    this.image = this.grid = this.costs = null;
    if (!this.plan) return;
    const answer = await fetch("/plan.png");
    if (answer.ok) this.image = await createImageBitmap(await answer.blob());
  }

  draw(moment) {
    this.moment = moment;
    if (this.plan) this.drawHome();
    else this.drawDesk();
  }

  px([x, y]) {
    const scale = this.plan.pixels_per_m * this.zoom;
    return [(x - this.plan.west) * scale, (this.plan.north - y) * scale];
  }

  drawHome() {
    const [wide, high] = this.plan.size;
    const { pen, width, height } = fitted(this.canvas, high / wide);
    this.zoom = width / wide;
    if (this.image) {
      pen.filter = getComputedStyle(document.documentElement).getPropertyValue("--plan-filter").trim() || "none";
      pen.drawImage(this.image, 0, 0, width, height);
      pen.filter = "none";
    }
    this.drawRooms(pen);
    for (const grid of [this.costs, this.grid]) if (grid) this.drawGrid(pen, grid);
    const { scan, path, goal, robot, people, rollouts } = this.moment;
    if (rollouts) this.drawRollouts(pen, rollouts);
    this.canvas.dataset.drawn = Object.entries({ path, rollouts, costs: this.costs }).filter((entry) => entry[1]).map(([name]) => name).join(" ");
    if (scan) this.dots(pen, scan, color("bad"));
    if (path) this.line(pen, path, color("path"), 3);
    if (goal) this.cross(pen, goal, color("path"));
    for (const person of people ?? []) this.drawPerson(pen, person);
    if (robot) this.drawRobot(pen, robot);
  }

  drawRooms(pen) {
    const middle = Object.fromEntries(this.plan.rooms.map((room) => [room.name, [room.x, room.y]]));
    pen.globalAlpha = 0.35;
    for (const door of this.plan.doors) {
      const ends = door.between.map((name) => middle[name]).filter(Boolean);
      if (ends.length === 2) this.line(pen, [ends[0], [door.x, door.y], ends[1]], color("soft"), 1);
    }
    pen.globalAlpha = 1;
  }

  // What the controller tried, worst first; the way it chose comes last.
  drawRollouts(pen, ways) {
    ways.forEach((way, rank) => {
      const chosen = rank === ways.length - 1;
      pen.globalAlpha = chosen ? 1 : 0.3 + (0.6 * rank) / ways.length;
      this.line(pen, way, color("card"), chosen ? 5 : 2.5); // a rim, for dark floors
      this.line(pen, way, color("tried"), chosen ? 3 : 1.2);
    });
    pen.globalAlpha = 1;
  }

  drawGrid(pen, { header, bitmap }) {
    const { origin, resolution, size, odom } = header;
    const [left, top] = this.px(odom);
    const scale = this.plan.pixels_per_m * this.zoom;
    pen.save();
    pen.translate(left, top);
    pen.rotate(-odom[2]);
    pen.imageSmoothingEnabled = false;
    const [wide, high] = size.map((cells) => cells * resolution * scale);
    pen.drawImage(bitmap, origin[0] * scale, -origin[1] * scale - high, wide, high);
    pen.restore();
  }

  drawPerson(pen, person) {
    const [x, y] = this.px([person.x, person.y]);
    const radius = 0.22 * this.plan.pixels_per_m * this.zoom;
    pen.fillStyle = pen.strokeStyle = color(person.lock ? "locked" : "other");
    pen.globalAlpha = person.lock === "lost" ? 0.4 : 0.9;
    circle(pen, x, y, radius);
    pen.fill();
    pen.globalAlpha = 1;
    if (person.lock) { circle(pen, x, y, radius * 1.6); pen.lineWidth = 2; pen.stroke(); }
    if (person.facing !== undefined) {
      const tip = [person.x + 0.4 * Math.cos(person.facing), person.y + 0.4 * Math.sin(person.facing)];
      this.line(pen, [[person.x, person.y], tip], color("ink"), 2);
    }
    label(pen, String(person.id), x, y - radius * 1.7);
  }

  drawRobot(pen, [x, y, yaw]) {
    const [c, s] = [Math.cos(yaw), Math.sin(yaw)];
    const turned = ROBOT.map(([a, b]) => this.px([x + c * a - s * b, y + s * a + c * b]));
    pen.fillStyle = color("robot");
    trace(pen, turned, true);
    pen.fill();
    this.line(pen, [[x, y], [x + 0.34 * c, y + 0.34 * s]], color("card"), 3);
  }

  line(pen, points, ink, wide) {
    pen.strokeStyle = ink;
    pen.lineWidth = wide;
    trace(pen, points.map((point) => this.px(point)), false);
    pen.stroke();
  }

  dots(pen, points, ink) {
    pen.fillStyle = ink;
    for (const point of points) {
      const [x, y] = this.px(point);
      pen.fillRect(x - 1, y - 1, 2, 2);
    }
  }

  cross(pen, point, ink) {
    const [x, y] = this.px(point);
    pen.strokeStyle = ink;
    pen.lineWidth = 3;
    pen.beginPath();
    pen.moveTo(x - 6, y - 6); pen.lineTo(x + 6, y + 6);
    pen.moveTo(x - 6, y + 6); pen.lineTo(x + 6, y - 6);
    pen.stroke();
  }

  // Seen from above, the display at the bottom: everybody by direction and distance.
  drawDesk() {
    const { pen, width, height } = fitted(this.canvas, 0.62);
    const [x, y] = [width / 2, height - 24];
    const scale = (height - 50) / 2;
    for (const metres of [0.5, 1, 1.5, 2]) {
      pen.strokeStyle = color("line");
      pen.lineWidth = 1;
      circle(pen, x, y, metres * scale);
      pen.stroke();
      label(pen, `${metres} m`, x + 16, y - metres * scale + 4);
    }
    pen.fillStyle = color("robot");
    pen.fillRect(x - 18, y - 4, 36, 10);
    this.desk = this.boxes.filter((box) => box.at).map((box) => {
      const [azimuth, distance] = box.at;
      return { id: box.id, lock: box.lock, px: [x - distance * scale * Math.sin(azimuth), y - distance * scale * Math.cos(azimuth)] };
    });
    for (const face of this.desk) {
      pen.fillStyle = color(face.lock ? "locked" : "other");
      circle(pen, ...face.px, 12);
      pen.fill();
      label(pen, String(face.id), face.px[0], face.px[1] - 18);
    }
  }

  nearest(x, y) {
    const places = this.plan
      ? (this.moment.people ?? []).map((person) => ({ id: person.id, px: this.px([person.x, person.y]) }))
      : this.desk ?? [];
    const far = ({ px }) => Math.hypot(px[0] - x, px[1] - y);
    return places.filter((place) => far(place) < NEAR_PX).sort((a, b) => far(a) - far(b))[0]?.id;
  }
}

function circle(pen, x, y, radius) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
}

function trace(pen, points, closed) {
  pen.beginPath();
  points.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
  if (closed) pen.closePath();
}

function label(pen, text, x, y) {
  pen.font = "600 12px system-ui, sans-serif";
  pen.textAlign = "center";
  pen.lineWidth = 3;
  pen.strokeStyle = color("card");
  pen.strokeText(text, x, y);
  pen.fillStyle = color("ink");
  pen.fillText(text, x, y);
  pen.textAlign = "left";
}
