/* An interactive word map. page.py embeds its data. */
"use strict";
const $ = id => document.getElementById(id);
const data = JSON.parse($("data").textContent);
const canvas = $("map"), context = canvas.getContext("2d"), card = $("card"), searchBox = $("query");
const darkMode = matchMedia("(prefers-color-scheme: dark)"), reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const FONT = "12px system-ui, sans-serif", BOLD = "600 14px system-ui, sans-serif", LABEL_HEIGHT = 14, HOVER_RADIUS = 12, MIN_LABELS = 40;
const SMALL_SCREEN = 600, MAX_STRETCH = 2, DIMMED = .65;
const MARKERS = ["●", "■", "▲", "◆"], CORNERS = [, [[-1, -1], [1, -1], [1, 1], [-1, 1]], [[0, -1.3], [1.2, 1], [-1.2, 1]], [[0, -1.4], [1.4, 0], [0, 1.4], [-1.4, 0]]];
const maxCount = data.counts ? Math.max(1, ...data.counts) : 1;
const words = data.words.map((text, i) => ({
  text, label: shortened(text), neighbours: data.neighbours[i], group: data.groupOf[i], point: data.points[i], x: 0, y: 0,
  count: data.counts && data.counts[i], font: i < data.queries ? BOLD : FONT,
  r: data.counts ? 2.5 + 5 * (data.counts[i] / maxCount) ** .35 : 4 }));
const byText = new Map(words.map(word => [word.text, word]));
const shape = { tall: false, x: 1, y: 1 };               // whether the map is turned upright, and how far it is stretched
const view = { x: 0, y: 0, k: 1 };                       // its centre on the map, and pixels per unit of the map
let fitScale = 1, labels = [], labelScale = 0, pendingFrame = 0, animation = 0;
let selected = null, hovered = null, group = -1;         // the selected word, the word under the pointer, the highlighted group

function shortened(text) {
  const letters = [...text.replace(/\s+/g, " ")];
  return letters.length > 30 ? letters.slice(0, 29).join("") + "…" : letters.join("");
}
function addElement(tag, parent, text = "") {            // words are inserted as text, never as HTML
  const element = parent.appendChild(document.createElement(tag));
  element.textContent = text;
  return element;
}
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name);
const groupStyle = number => number < 0 ? [colour("--rest"), 0]
  : [(darkMode.matches ? data.dark : data.light)[number % data.light.length], Math.floor(number / data.light.length) % MARKERS.length];
const toScreen = word => [(word.x - view.x) * view.k + canvas.clientWidth / 2, (word.y - view.y) * view.k + canvas.clientHeight / 2];

/* Place labels greedily in the order of the words: none overlaps another, and only the first MIN_LABELS may cover dots. */
function placeLabels(labelled, fontOf) {
  const cells = new Map(), CELL_SIZE = 40;
  const cellsOf = box => {
    const keys = [];
    for (let x = Math.floor(box.left / CELL_SIZE); x <= box.right / CELL_SIZE; x++)
      for (let y = Math.floor(box.top / CELL_SIZE); y <= box.bottom / CELL_SIZE; y++) keys.push(x + " " + y);
    return keys;
  };
  const take = box => cellsOf(box).forEach(key => cells.set(key, [...cells.get(key) || [], box]));
  const free = (box, overDots) => !cellsOf(box).some(key => (cells.get(key) || []).some(other => other.word !== box.word
    && !(overDots && other.dot) && other.left < box.right && box.left < other.right && other.top < box.bottom && box.top < other.bottom));
  const boxAt = (word, dx, dy, width, height, dot) => ({ word, dot, left: word.x * view.k + dx, right: word.x * view.k + dx + width,
    top: word.y * view.k + dy, bottom: word.y * view.k + dy + height });
  const edge = view.k > fitScale ? Infinity : canvas.clientWidth / 2;   // when all words are in view, so is each label
  for (const word of labelled) take(boxAt(word, -word.r, -word.r, 2 * word.r, 2 * word.r, true));
  return labelled.flatMap((word, i) => {
    const font = fontOf(word), width = labelWidth(word.label, font), gap = word.r + (font === BOLD ? 6 : 3);
    const sides = [[gap, -LABEL_HEIGHT / 2], [-gap - width, -LABEL_HEIGHT / 2], [-width / 2, -gap - LABEL_HEIGHT], [-width / 2, gap]];
    const freeSide = overDots => sides.find(([dx, dy]) => Math.abs(word.x * view.k + dx + width / 2) + width / 2 <= edge && free(boxAt(word, dx - 3, dy, width + 6, LABEL_HEIGHT), overDots));
    const side = freeSide(false) || (i < MIN_LABELS && freeSide(true));
    if (!side) return [];
    take(boxAt(word, ...side, width, LABEL_HEIGHT));
    return { word, font, width, dx: side[0], dy: side[1] + LABEL_HEIGHT / 2 };
  });
}
const widths = new Map();
function labelWidth(label, font) {
  if (!widths.has(font + label)) { context.font = font; widths.set(font + label, context.measureText(label).width); }
  return widths.get(font + label);
}
function draw() {
  pendingFrame = 0;
  const w = canvas.clientWidth, h = canvas.clientHeight, pixelRatio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(w * pixelRatio)) canvas.width = Math.round(w * pixelRatio);
  if (canvas.height !== Math.round(h * pixelRatio)) canvas.height = Math.round(h * pixelRatio);
  if (labelScale !== view.k) { labels = placeLabels(words, word => word.font); labelScale = view.k; }
  const active = hovered || selected, neighbours = active ? active.neighbours.map(([text]) => byText.get(text)).filter(Boolean) : [];
  const paper = colour("--paper"), opacity = word => group >= 0 && word.group !== group ? .15 : 1;
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  context.clearRect(0, 0, w, h);
  Object.assign(context, { lineWidth: 1, lineJoin: "round", textBaseline: "middle", strokeStyle: colour("--faint") });
  for (const word of neighbours) { context.beginPath(); context.moveTo(...toScreen(active)); context.lineTo(...toScreen(word)); context.stroke(); }
  for (let i = words.length - 1; i >= 0; i--) drawDot(words[i], words[i].r, paper, groupStyle(words[i].group), opacity(words[i]));
  context.lineWidth = 2;
  if (active) drawDot(active, active.r + 3, colour("--mark"), ["transparent", groupStyle(active.group)[1]], 1);
  Object.assign(context, { lineWidth: 3, strokeStyle: paper, fillStyle: colour("--ink") });
  for (const label of labels) if (label.word !== active && !neighbours.includes(label.word)) drawLabel(label, active ? DIMMED : opacity(label.word));
  if (active) placeLabels([active, ...neighbours], word => word === active ? BOLD : FONT).forEach(label => drawLabel(label, 1));
  showCard(active, w, h);
}
function drawDot(word, r, edge, [fill, marker], alpha) {
  const [x, y] = toScreen(word);
  Object.assign(context, { globalAlpha: alpha, fillStyle: fill, strokeStyle: edge });
  context.beginPath();
  if (CORNERS[marker]) CORNERS[marker].forEach(([dx, dy]) => context.lineTo(x + dx * r, y + dy * r));
  else context.arc(x, y, r, 0, 7);
  context.closePath();
  context.fill();
  context.stroke();
}
function drawLabel({ word, dx, dy, font }, alpha) {
  const [x, y] = toScreen(word);
  Object.assign(context, { globalAlpha: alpha, font });
  context.strokeText(word.label, x + dx, y + dy);
  context.fillText(word.label, x + dx, y + dy);
}
const redraw = () => { pendingFrame ||= requestAnimationFrame(draw); };

/* The card shows a word, its count, and its ten nearest neighbours among all words with vectors. */
function showCard(word, w, h) {
  card.hidden = !word;
  card.classList.toggle("hovered", word !== selected);
  if (!word) return;
  if (card.word !== word) fillCard(word);
  const [x, y] = toScreen(word);
  card.classList.toggle("left", x > .65 * w);
  card.classList.toggle("top", y > .5 * h);
}
function fillCard(word) {
  card.word = word;
  card.replaceChildren();
  addElement("bdi", addElement("h2", card), word.text);
  if (word.count !== null) addElement("p", card, `count ${word.count.toLocaleString("en")}`);
  const list = addElement("ol", card);
  for (const [text, cosine] of word.neighbours) {
    const line = addElement("li", list), neighbour = byText.get(text);
    if (neighbour) addElement("button", line).onclick = () => select(neighbour, true);
    addElement("bdi", line.firstChild || line, text);
    addElement("span", line, cosine.toFixed(3));
  }
}

/* Moving the view, searching words. */
function zoom(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const k = Math.max(fitScale / 2, Math.min(fitScale * 80, view.k * factor)), shift = 1 / view.k - 1 / k;
  view.k = k;
  move((x - canvas.clientWidth / 2) * shift, (y - canvas.clientHeight / 2) * shift);
}
function move(dx, dy) {
  cancelAnimationFrame(animation);
  view.x = Math.max(-1.2 * shape.x, Math.min(1.2 * shape.x, view.x + dx));
  view.y = Math.max(-1.2 * shape.y, Math.min(1.2 * shape.y, view.y + dy));
  redraw();
}
function animateTo(x, y, k) {
  const from = { ...view }, start = performance.now();
  const frame = now => {
    const t = reducedMotion.matches ? 1 : Math.min(1, Math.max(0, (now - start) / 450)), s = t * t * (3 - 2 * t);
    Object.assign(view, { x: from.x + (x - from.x) * s, y: from.y + (y - from.y) * s, k: t < 1 ? from.k * (k / from.k) ** s : k });
    if (t < 1) animation = requestAnimationFrame(frame);
    redraw();
  };
  cancelAnimationFrame(animation);
  frame(start);
}
const showAll = () => animateTo(0, 0, fitScale);
function select(word, zoomIn) {
  selected = word;
  hovered = null;
  canvas.setAttribute("aria-label", word ? `Word map, at ${word.text}` : "Word map");
  location.replace("#" + (word ? new URLSearchParams({ q: word.text }) : ""));
  $("message").textContent = "";
  if (word && zoomIn) animateTo(word.x, word.y, Math.max(view.k, fitScale * 2.5));
  redraw();
}
function find(text) {
  const wanted = text.trim().toLowerCase(), first = test => words.find(word => test(word.text.toLowerCase()));
  const word = byText.get(text) || first(t => t === wanted) || first(t => t.startsWith(wanted)) || first(t => t.includes(wanted));
  if (wanted && word) select(word, true);
  else $("message").textContent = wanted && `“${text}” is not on this map.`;
}
function step(dx, dy) {                                  // select the next word in a direction; sideways distance counts three times
  const from = selected || view;
  let best = null, shortest = Infinity;
  for (const word of words) {
    const x = word.x - from.x, y = word.y - from.y, ahead = x * dx + y * dy, length = ahead + 3 * Math.abs(x * dy + y * dx);
    if (ahead > 0 && length < shortest) [best, shortest] = [word, length];
  }
  if (best) { select(best); animateTo(best.x, best.y, view.k); }
}
function wordAt({ offsetX, offsetY }) {                  // the word under the pointer, by its dot, else by its label
  let best = null, shortest = HOVER_RADIUS;
  for (const word of words) {
    const [x, y] = toScreen(word), length = Math.hypot(x - offsetX, y - offsetY) - word.r;
    if (length < shortest) [best, shortest] = [word, length];
  }
  return best || labels.find(({ word, width, dx, dy }) => {
    const x = offsetX - toScreen(word)[0] - dx, y = offsetY - toScreen(word)[1] - dy;
    return x > 0 && x < width && Math.abs(y) < LABEL_HEIGHT / 2;
  })?.word || null;
}

/* Pointers and keys. */
const pointers = new Map();
let dragged = 0;
canvas.onpointerdown = event => { canvas.setPointerCapture(event.pointerId); pointers.set(event.pointerId, event); dragged = 0; };
canvas.onpointermove = event => {
  const previous = pointers.get(event.pointerId), other = [...pointers.values()].find(pointer => pointer.pointerId !== event.pointerId);
  if (!previous) {
    const word = wordAt(event);
    if (word !== hovered) { hovered = word; redraw(); }
    return;
  }
  const distance = pointer => Math.max(1, Math.hypot(pointer.offsetX - other.offsetX, pointer.offsetY - other.offsetY));
  dragged += Math.hypot(event.offsetX - previous.offsetX, event.offsetY - previous.offsetY);
  if (other) zoom(distance(event) / distance(previous), other.offsetX, other.offsetY);
  else move((previous.offsetX - event.offsetX) / view.k, (previous.offsetY - event.offsetY) / view.k);
  pointers.set(event.pointerId, event);
};
canvas.onpointerup = event => { if (pointers.delete(event.pointerId) && dragged < 5) select(wordAt(event)); };
canvas.onpointercancel = event => pointers.delete(event.pointerId);
canvas.onpointerleave = () => { hovered = null; redraw(); };
canvas.addEventListener("wheel", event => {
  event.preventDefault();
  zoom(Math.exp(-event.deltaY * (event.deltaMode ? .05 : .0015)), event.offsetX, event.offsetY);
}, { passive: false });
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const KEYS = { "+": () => zoom(1.4), "=": () => zoom(1.4), "-": () => zoom(1 / 1.4), 0: showAll, Escape: () => select(null) };
document.onkeydown = event => {
  const typing = event.target === searchBox, arrow = event.target === canvas && ARROWS[event.key];
  if (event.ctrlKey || event.metaKey || event.altKey || (typing && event.key !== "Escape")) return;
  if (arrow && event.shiftKey) move(arrow[0] * 60 / view.k, arrow[1] * 60 / view.k);
  else if (arrow) step(...arrow);
  else if (event.key === "/") searchBox.select();
  else if (KEYS[event.key]) KEYS[event.key]();
  else return;
  event.preventDefault();
};
document.querySelector("form").onsubmit = event => { event.preventDefault(); find(searchBox.value); };
$("in").onclick = KEYS["+"];
$("out").onclick = KEYS["-"];
$("all").onclick = showAll;

/* Title, legend and word list; then the word in the address, as in page.html#q=rabbit */
document.title = document.querySelector("h1").textContent = data.title;
$("note").textContent = data.note;
for (const word of words) addElement("option", $("words")).value = word.text;
const buttons = data.groups.map((name, number) => {
  const button = addElement("button", $("legend"));
  addElement("span", button, MARKERS[groupStyle(number)[1]]);
  addElement("bdi", button, name);
  button.onclick = () => { group = group === number ? -1 : number; updateLegend(); };
  return button;
});
function updateLegend() {
  buttons.forEach((button, number) => {
    button.setAttribute("aria-pressed", number === group);
    button.firstChild.style.color = groupStyle(number)[0];
  });
  redraw();
}
/* The widest direction of the map goes along the longer side of the screen. On a small screen the map is stretched to fill it. */
function fit() {
  const w = canvas.clientWidth, h = canvas.clientHeight, tall = h > w, most = Math.min(w, h) < SMALL_SCREEN ? MAX_STRETCH : 1;
  const extent = axis => Math.max(.01, ...data.points.map(point => Math.abs(point[axis])));
  const across = (w - Math.min(140, .25 * w)) / 2 / extent(tall ? 1 : 0), down = (h - 40) / 2 / extent(tall ? 0 : 1);
  const previous = { ...shape, scale: fitScale };
  fitScale = Math.max(1, Math.min(across, down));
  Object.assign(shape, { tall, x: Math.max(1, Math.min(most, across / fitScale)), y: Math.max(1, Math.min(most, down / fitScale)) });
  for (const word of words) {
    word.x = word.point[tall ? 1 : 0] * shape.x;
    word.y = word.point[tall ? 0 : 1] * shape.y * (tall ? 1 : -1);
  }
  view.x = tall === previous.tall ? view.x * shape.x / previous.x : selected ? selected.x : 0;
  view.y = tall === previous.tall ? view.y * shape.y / previous.y : selected ? selected.y : 0;
  view.k *= fitScale / previous.scale;
  labelScale = 0;
  redraw();
}
function openAddress() {
  const wanted = new URLSearchParams(location.hash.slice(1)).get("q");
  if (wanted && wanted !== selected?.text) { searchBox.value = wanted; find(wanted); }
}
darkMode.onchange = updateLegend;
window.onhashchange = openAddress;
new ResizeObserver(fit).observe(canvas);
fit();
updateLegend();
openAddress();
