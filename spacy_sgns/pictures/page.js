/* A map of words: data is what page.py embeds. */
"use strict";
const $ = id => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const canvas = $("map"), pen = canvas.getContext("2d"), card = $("card"), query = $("query");
const night = matchMedia("(prefers-color-scheme: dark)"), still = matchMedia("(prefers-reduced-motion: reduce)");
const FONT = "12px system-ui, sans-serif", BOLD = "600 14px system-ui, sans-serif", HEIGHT = 14, REACH = 12, SURE = 40;
const SIGNS = ["●", "■", "▲", "◆"], CORNERS = [, [[-1, -1], [1, -1], [1, 1], [-1, 1]], [[0, -1.3], [1.2, 1], [-1.2, 1]], [[0, -1.4], [1.4, 0], [0, 1.4], [-1.4, 0]]];
const most = data.counts ? Math.max(1, ...data.counts) : 1;
const words = data.words.map((text, i) => ({
  text, label: clipped(text), near: data.near[i], group: data.of[i], x: data.points[i][0], y: -data.points[i][1],
  count: data.counts && data.counts[i], font: i < data.asked ? BOLD : FONT,
  r: data.counts ? 2.5 + 5 * (data.counts[i] / most) ** .35 : 4 }));
const byText = new Map(words.map(word => [word.text, word]));
const view = { x: 0, y: 0, k: 1 };                       // the middle of what is seen, and how many pixels a unit has
let whole = 1, labels = [], laid = 0, waiting = 0, flight = 0;
let chosen = null, passed = null, group = -1;            // a word, the word under the mouse, a group alone

function clipped(text) {
  const letters = [...text.replace(/\s+/g, " ")];
  return letters.length > 30 ? letters.slice(0, 29).join("") + "…" : letters.join("");
}
function make(tag, parent, text = "") {                  // words come in as text alone
  const element = parent.appendChild(document.createElement(tag));
  element.textContent = text;
  return element;
}
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name);
const look = of => of < 0 ? [colour("--rest"), 0]
  : [(night.matches ? data.dark : data.light)[of % data.light.length], Math.floor(of / data.light.length) % SIGNS.length];
const place = word => [(word.x - view.x) * view.k + canvas.clientWidth / 2, (word.y - view.y) * view.k + canvas.clientHeight / 2];

/* Labels: the first words choose first, where they touch no other label and, but for some, no dot. */
function arrange(some, fontOf) {
  const cells = new Map(), SIDE = 40;
  const covered = box => {
    const found = [];
    for (let x = Math.floor(box.left / SIDE); x <= box.right / SIDE; x++)
      for (let y = Math.floor(box.top / SIDE); y <= box.bottom / SIDE; y++) found.push(x + " " + y);
    return found;
  };
  const take = box => covered(box).forEach(key => cells.set(key, [...cells.get(key) || [], box]));
  const free = (box, overDots) => !covered(box).some(key => (cells.get(key) || []).some(other => other.word !== box.word
    && !(overDots && other.dot) && other.left < box.right && box.left < other.right && other.top < box.bottom && box.top < other.bottom));
  const at = (word, dx, dy, width, height, dot) => ({ word, dot, left: word.x * view.k + dx, right: word.x * view.k + dx + width,
    top: word.y * view.k + dy, bottom: word.y * view.k + dy + height });
  for (const word of some) take(at(word, -word.r, -word.r, 2 * word.r, 2 * word.r, true));
  return some.flatMap((word, i) => {
    const font = fontOf(word), width = wide(word.label, font), gap = word.r + (font === BOLD ? 6 : 3);
    const sides = [[gap, -HEIGHT / 2], [-gap - width, -HEIGHT / 2], [-width / 2, -gap - HEIGHT], [-width / 2, gap]];
    const roomy = overDots => sides.find(([dx, dy]) => free(at(word, dx - 3, dy, width + 6, HEIGHT), overDots));
    const side = roomy(false) || (i < SURE && roomy(true));
    if (!side) return [];
    take(at(word, ...side, width, HEIGHT));
    return { word, font, width, dx: side[0], dy: side[1] + HEIGHT / 2 };
  });
}
const widths = new Map();
function wide(label, font) {
  if (!widths.has(font + label)) { pen.font = font; widths.set(font + label, pen.measureText(label).width); }
  return widths.get(font + label);
}
function draw() {
  waiting = 0;
  const w = canvas.clientWidth, h = canvas.clientHeight, fine = devicePixelRatio || 1;
  if (canvas.width !== Math.round(w * fine)) canvas.width = Math.round(w * fine);
  if (canvas.height !== Math.round(h * fine)) canvas.height = Math.round(h * fine);
  if (laid !== view.k) { labels = arrange(words, word => word.font); laid = view.k; }
  const active = passed || chosen, beside = active ? active.near.map(([text]) => byText.get(text)).filter(Boolean) : [];
  const paper = colour("--paper"), seen = word => group >= 0 && word.group !== group ? .15 : 1;
  pen.setTransform(fine, 0, 0, fine, 0, 0);
  pen.clearRect(0, 0, w, h);
  Object.assign(pen, { lineWidth: 1, lineJoin: "round", textBaseline: "middle", strokeStyle: colour("--faint") });
  for (const word of beside) { pen.beginPath(); pen.moveTo(...place(active)); pen.lineTo(...place(word)); pen.stroke(); }
  for (let i = words.length - 1; i >= 0; i--) drawDot(words[i], words[i].r, paper, look(words[i].group), seen(words[i]));
  pen.lineWidth = 2;
  if (active) drawDot(active, active.r + 3, colour("--mark"), ["transparent", look(active.group)[1]], 1);
  Object.assign(pen, { lineWidth: 3, strokeStyle: paper, fillStyle: colour("--ink") });
  for (const label of labels) if (label.word !== active && !beside.includes(label.word)) write(label, active ? .3 : seen(label.word));
  if (active) arrange([active, ...beside], word => word === active ? BOLD : FONT).forEach(label => write(label, 1));
  showCard(active, w);
}
function drawDot(word, r, edge, [fill, shape], alpha) {
  const [x, y] = place(word);
  Object.assign(pen, { globalAlpha: alpha, fillStyle: fill, strokeStyle: edge });
  pen.beginPath();
  if (CORNERS[shape]) CORNERS[shape].forEach(([dx, dy]) => pen.lineTo(x + dx * r, y + dy * r));
  else pen.arc(x, y, r, 0, 7);
  pen.closePath();
  pen.fill();
  pen.stroke();
}
function write({ word, dx, dy, font }, alpha) {
  const [x, y] = place(word);
  Object.assign(pen, { globalAlpha: alpha, font });
  pen.strokeText(word.label, x + dx, y + dy);
  pen.fillText(word.label, x + dx, y + dy);
}
const redraw = () => { waiting ||= requestAnimationFrame(draw); };

/* The card: a word, how often it occurs, and the ten words nearest to it, of all that have vectors. */
function showCard(word, w) {
  card.hidden = !word;
  card.classList.toggle("passing", word !== chosen);
  if (!word) return;
  if (card.word !== word) fillCard(word);
  card.classList.toggle("left", place(word)[0] > .65 * w);
}
function fillCard(word) {
  card.word = word;
  card.replaceChildren();
  make("bdi", make("h2", card), word.text);
  if (word.count !== null) make("p", card, `count ${word.count.toLocaleString("en")}`);
  const list = make("ol", card);
  for (const [text, cosine] of word.near) {
    const line = make("li", list), there = byText.get(text);
    if (there) make("button", line).onclick = () => choose(there, true);
    make("bdi", line.firstChild || line, text);
    make("span", line, cosine.toFixed(3));
  }
}

/* Moving about, finding words. */
function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const k = Math.max(whole / 2, Math.min(whole * 80, view.k * factor)), shift = 1 / view.k - 1 / k;
  view.k = k;
  move((x - canvas.clientWidth / 2) * shift, (y - canvas.clientHeight / 2) * shift);
}
function move(dx, dy) {
  cancelAnimationFrame(flight);
  view.x = Math.max(-1.2, Math.min(1.2, view.x + dx));
  view.y = Math.max(-1.2, Math.min(1.2, view.y + dy));
  redraw();
}
function fly(x, y, k) {
  const from = { ...view }, start = performance.now();
  const go = now => {
    const t = still.matches ? 1 : Math.min(1, Math.max(0, (now - start) / 450)), s = t * t * (3 - 2 * t);
    Object.assign(view, { x: from.x + (x - from.x) * s, y: from.y + (y - from.y) * s, k: t < 1 ? from.k * (k / from.k) ** s : k });
    if (t < 1) flight = requestAnimationFrame(go);
    redraw();
  };
  cancelAnimationFrame(flight);
  go(start);
}
const showAll = () => fly(0, 0, whole);
function choose(word, go) {
  chosen = word;
  passed = null;
  canvas.setAttribute("aria-label", word ? `Map of words, at ${word.text}` : "Map of words");
  location.replace("#" + (word ? new URLSearchParams({ q: word.text }) : ""));
  $("said").textContent = "";
  if (word && go) fly(word.x, word.y, Math.max(view.k, whole * 2.5));
  redraw();
}
function find(text) {
  const wanted = text.trim().toLowerCase(), first = test => words.find(word => test(word.text.toLowerCase()));
  const word = byText.get(text) || first(t => t === wanted) || first(t => t.startsWith(wanted)) || first(t => t.includes(wanted));
  if (wanted && word) choose(word, true);
  else $("said").textContent = wanted && `There is no “${text}” on this map.`;
}
function step(dx, dy) {                                  // to the next word in a direction, rather ahead than aside
  const from = chosen || view;
  let best = null, near = Infinity;
  for (const word of words) {
    const x = word.x - from.x, y = word.y - from.y, ahead = x * dx + y * dy, far = ahead + 3 * Math.abs(x * dy + y * dx);
    if (ahead > 0 && far < near) [best, near] = [word, far];
  }
  if (best) { choose(best); fly(best.x, best.y, view.k); }
}
function under({ offsetX, offsetY }) {                   // the word under the mouse, by its dot, else by its label
  let best = null, near = REACH;
  for (const word of words) {
    const [x, y] = place(word), far = Math.hypot(x - offsetX, y - offsetY) - word.r;
    if (far < near) [best, near] = [word, far];
  }
  return best || labels.find(({ word, width, dx, dy }) => {
    const x = offsetX - place(word)[0] - dx, y = offsetY - place(word)[1] - dy;
    return x > 0 && x < width && Math.abs(y) < HEIGHT / 2;
  })?.word || null;
}

/* Mouse, fingers, keys. */
const fingers = new Map();
let dragged = 0;
canvas.onpointerdown = event => { canvas.setPointerCapture(event.pointerId); fingers.set(event.pointerId, event); dragged = 0; };
canvas.onpointermove = event => {
  const before = fingers.get(event.pointerId), other = [...fingers.values()].find(finger => finger.pointerId !== event.pointerId);
  if (!before) {
    const word = under(event);
    if (word !== passed) { passed = word; redraw(); }
    return;
  }
  const apart = finger => Math.max(1, Math.hypot(finger.offsetX - other.offsetX, finger.offsetY - other.offsetY));
  dragged += Math.hypot(event.offsetX - before.offsetX, event.offsetY - before.offsetY);
  if (other) zoom(apart(event) / apart(before), other.offsetX, other.offsetY);
  else move((before.offsetX - event.offsetX) / view.k, (before.offsetY - event.offsetY) / view.k);
  fingers.set(event.pointerId, event);
};
canvas.onpointerup = event => { if (fingers.delete(event.pointerId) && dragged < 5) choose(under(event)); };
canvas.onpointercancel = event => fingers.delete(event.pointerId);
canvas.onpointerleave = () => { passed = null; redraw(); };
canvas.addEventListener("wheel", event => {
  event.preventDefault();
  zoom(Math.exp(-event.deltaY * (event.deltaMode ? .05 : .0015)), event.offsetX, event.offsetY);
}, { passive: false });
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = { "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), 0: showAll, Escape: () => choose(null) };
document.onkeydown = event => {
  const typing = event.target === query, arrow = event.target === canvas && ARROWS[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== "Escape")) return;
  if (arrow && event.shiftKey) move(arrow[0] * 60 / view.k, arrow[1] * 60 / view.k);
  else if (arrow) step(...arrow);
  else if (event.key === "/") query.select();
  else if (KEYS[event.key]) KEYS[event.key]();
  else return;
  event.preventDefault();
};
document.querySelector("form").onsubmit = event => { event.preventDefault(); find(query.value); };
$("in").onclick = KEYS["+"];
$("out").onclick = KEYS["-"];
$("all").onclick = showAll;

/* What stands around the map; then the word that the address asks for, as in page.html#q=rabbit */
document.title = document.querySelector("h1").textContent = data.title;
$("note").textContent = data.note;
for (const word of words) make("option", $("words")).value = word.text;
const buttons = data.groups.map((name, of) => {
  const button = make("button", $("legend"));
  make("span", button, SIGNS[look(of)[1]]);
  make("bdi", button, name);
  button.onclick = () => { group = group === of ? -1 : of; paint(); };
  return button;
});
function paint() {
  buttons.forEach((button, of) => {
    button.setAttribute("aria-pressed", of === group);
    button.firstChild.style.color = look(of)[0];
  });
  redraw();
}
function fit() {
  const before = whole, reach = axis => Math.max(.01, ...words.map(word => Math.abs(word[axis])));
  whole = Math.max(1, Math.min((canvas.clientWidth - 140) / 2 / reach("x"), (canvas.clientHeight - 40) / 2 / reach("y")));
  view.k *= whole / before;
  redraw();
}
function openAddress() {
  const wanted = new URLSearchParams(location.hash.slice(1)).get("q");
  if (wanted && wanted !== chosen?.text) { query.value = wanted; find(wanted); }
}
night.onchange = paint;
window.onhashchange = openAddress;
new ResizeObserver(fit).observe(canvas);
fit();
paint();
openAddress();
