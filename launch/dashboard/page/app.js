// Wires the page: what comes in goes to the panels, what is clicked, typed or pressed goes out.

import { Camera } from "./camera.js";
import { Curves } from "./curves.js";
import { HomeMap } from "./map.js";
import { connect } from "./net.js";
import { addLines, showNodes, showPeople, showStates } from "./panels.js";
import { Talk } from "./talk.js";

const get = (id) => document.getElementById(id);
const lock = (id) => ask({ do: "lock", id });
const camera = new Camera(get("camera"), lock);
const map = new HomeMap(get("map"), lock);
const curves = new Curves(get("curves"));
let paused = false;
let pictures = 0;
let sliding = false;

const send = connect({
  link(up) {
    get("link").textContent = up ? "connected" : "no run";
    get("link").className = up ? "good" : "bad";
  },
  hello(about) {
    document.body.dataset.profile = about.profile;
    document.body.dataset.live = about.live;
    document.body.dataset.home = Boolean(about.plan.size);
    get("run").textContent = `${about.profile} in ${about.world}, seed ${about.seed}${about.live ? "" : " (log)"}`;
    get("log").replaceChildren();
    get("seek").hidden = about.live;
    get("pace").hidden = Boolean(about.on_hardware);
    get("slider").max = about.duration;
    get("stop").disabled = get("text").disabled = get("talk").disabled = !about.live;
    pictures = 0;
    curves.clear();
    map.begin(about.plan);
    note("");
  },
  moment(now) {
    get("time").textContent = now.t.toFixed(1);
    map.boxes = camera.boxes;
    map.draw(now);
    curves.add(now.t, now.curves);
    showStates(get("states"), now.states);
    showPeople(get("people"), now.people ?? camera.boxes.filter((box) => box.id !== undefined), lock);
    showNodes(get("nodes"), now.nodes);
    addLines(get("log"), now.lines);
    showPace(now.pace ?? {});
    get("release").hidden = !(now.states.safety ?? "").includes("stopped by hand");
    get("blind").hidden = pictures > 0 || now.t < 1;
    get("camera").hidden = !get("blind").hidden;
    if (!sliding) get("slider").value = now.t;
  },
  camera(header, bitmap) {
    pictures += 1;
    get("blind").hidden = true;
    get("camera").hidden = false; // a canvas that is not shown has no size to draw in
    camera.show(header, bitmap);
  },
  map(header, bitmap) {
    map.grid = { header, bitmap };
  },
  costs(header, bitmap) {
    map.costs = { header, bitmap };
  },
  answer(said) {
    note(said.text);
  },
});

new Talk(get("talk"), note);

function ask(request) {
  note(send(request) ? "" : "no run to ask");
}

function note(text) {
  get("note").textContent = text;
}

function showPace(pace) {
  if (pace.paused !== undefined) {
    paused = pace.paused;
    get("pause").textContent = paused ? "Go on" : "Pause";
  }
}

get("stop").addEventListener("click", () => ask({ do: "stop" }));
get("release").addEventListener("click", () => ask({ do: "release" }));
get("pause").addEventListener("click", () => ask({ do: paused ? "resume" : "pause" }));
get("step").addEventListener("click", () => ask({ do: "step" }));
get("speed").addEventListener("change", () => ask({ do: "speed", x: Number(get("speed").value) }));
get("slider").addEventListener("input", () => { sliding = true; ask({ do: "seek", t: Number(get("slider").value) }); });
get("slider").addEventListener("change", () => { sliding = false; });
get("say").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = get("text").value.trim();
  if (text) ask({ do: "command", text });
  get("text").value = "";
});

// The space bar stops, wherever the reader is, except where a space is a letter.
window.addEventListener("keydown", (event) => {
  if (event.code !== "Space" || event.target.matches("input:not([type=range]), textarea, select")) return;
  event.preventDefault();
  ask({ do: "stop" });
}, { capture: true });
// A button that has the focus would be pressed by the space bar's release.
window.addEventListener("keyup", (event) => {
  if (event.code === "Space" && event.target.matches("button")) event.preventDefault();
}, { capture: true });
