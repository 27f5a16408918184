// The parts of the page that are text: states, people to lock on to, nodes, log.

const LINES = 400;

export function showStates(box, states) {
  box.replaceChildren(...Object.entries(states).flatMap(([name, text]) => [element("dt", name), element("dd", text)]));
}

export function showPeople(box, people, lock) {
  const wanted = people.map((person) => `${person.id}/${person.lock ?? ""}`).join(" ");
  if (box.dataset.shown === wanted) return;
  const focused = document.activeElement?.dataset?.id;
  box.dataset.shown = wanted;
  box.replaceChildren(...people.map((person) => {
    const button = element("button", person.lock ? `${person.id} (${person.lock})` : `Lock on ${person.id}`);
    button.type = "button";
    button.dataset.id = person.id;
    button.setAttribute("aria-pressed", String(Boolean(person.lock)));
    button.addEventListener("click", () => lock(person.id));
    return button;
  }));
  if (focused !== undefined) box.querySelector(`[data-id="${focused}"]`)?.focus();
}

export function showNodes(body, nodes) {
  body.replaceChildren(...nodes.map((node) => {
    const row = document.createElement("tr");
    if (node.stale || node.state !== "running") row.className = "stale";
    const state = node.state !== "running" ? node.state : node.stale ? "stale" : "well";
    const cells = [node.name, node.hz ?? "", node.nominal_hz ?? "–", number(node.p50_ms), number(node.p99_ms),
      node.failures ?? "", state];
    row.append(...cells.map((text) => element("td", String(text))));
    row.title = node.topic ?? "";
    return row;
  }));
}

export function addLines(list, lines) {
  if (!lines.length) return;
  const atEnd = list.scrollTop + list.clientHeight > list.scrollHeight - 30;
  for (const line of lines) {
    const row = element("li", "");
    row.append(element("span", line.t.toFixed(1), "t"), element("span", line.text, line.level));
    list.append(row);
  }
  while (list.children.length > LINES) list.firstChild.remove();
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function number(value) {
  return value === undefined || value === null ? "" : value.toFixed(2);
}

function element(tag, text, name) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name) made.className = name;
  return made;
}
