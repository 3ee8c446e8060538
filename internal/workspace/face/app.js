// The page: what one person sees of the workspace. The server says when something changed; the page then fetches all the
// person sees and redraws only the messages that differ, so that focus and half-written text stay.
import { blocks, task, values } from "./blocks.js";
import { el, markdown, mrkdwn } from "./text.js";

const $ = (id) => document.getElementById(id);
const saved = (key) => sessionStorage.getItem(key) ?? "";

let state = null;
let here = saved("here"); // channel
let tab = "messages"; // of the app
let thread = "";
const judged = new Map(); // the last thumb pressed: "channel/ts/action" → value

async function act(deed) {
  const resp = await fetch("act", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user: state.viewer, ...deed }) });
  const out = await resp.json().catch(() => ({}));
  if (!resp.ok) notice(out.error ?? "Det lykkedes ikke. Prøv igen.");
  return resp.ok ? out : null;
}

// notice tells the person something, inside the modal while one covers the page.
function notice(text) {
  const modal = $("modal").open ? $("modalnotice") : null;
  const box = modal ?? $("notice");
  box.textContent = text;
  box.hidden = !text;
}

let fetching = false;
let again = false;

async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const resp = await fetch("state?user=" + encodeURIComponent(saved("viewer")));
    state = await resp.json();
    draw();
  } finally {
    fetching = false;
    if (again) {
      again = false;
      refresh();
    }
  }
}

const person = (id) => state.people[id]?.name;
const channelOf = (id) => state.channels.find((k) => k.id === id);

function draw() {
  if (!channelOf(here)) here = state.channels.find((k) => k.kind !== "im")?.id ?? state.dm;
  drawSide();
  const inApp = here === state.dm;
  const k = channelOf(here);
  $("name").textContent = inApp ? state.app.name : (k.kind === "group" ? "🔒 " : "# ") + k.name;
  $("topic").textContent = inApp ? "App" : [k.topic, k.external ? "Delt med en anden organisation" : "", k.archived ? "Arkiveret" : ""].filter(Boolean).join(" · ");
  $("tabs").hidden = !inApp;
  for (const name of ["home", "messages"]) $("tab-" + name).setAttribute("aria-selected", String(tab === name));
  const home = inApp && tab === "home";
  $("home").hidden = !home;
  $("list").hidden = $("form").hidden = home;
  if (home) drawHome();
  else drawChannel();
  $("form").querySelector("button").disabled = k.archived;
  $("write").placeholder = inApp ? "Skriv til " + state.app.name + " …" : "Skriv i #" + k.name + " …";
  $("hint").textContent = inApp ? "Enter sender, Skift+Enter giver ny linje" : "Nævn @" + state.app.name + ", eller skriv " + Object.entries(state.commands).map(([c, h]) => c + " " + h).join(" eller ");
  drawThread();
  drawModal();
  if (state.notice) notice(state.notice);
}

function drawSide() {
  const who = $("who");
  const people = state.order.filter((id) => !state.people[id].bot);
  if (who.children.length !== people.length) who.replaceChildren(...people.map((id) => el("option", { value: id }, person(id))));
  who.value = state.viewer;
  $("connection").textContent = state.connected ? "App forbundet" : "App ikke forbundet";
  $("connection").className = state.connected ? "good" : "bad";
  const entry = (id, name) => el("li", {}, el("button", { type: "button", "aria-current": here === id ? "page" : undefined, onclick: () => go(id) }, name));
  fill($("channels"), state.channels.filter((k) => k.kind !== "im").map((k) => [k.id + (here === k.id), () => entry(k.id, (k.kind === "group" ? "🔒 " : "# ") + k.name)]));
  fill($("apps"), [[state.dm + (here === state.dm), () => entry(state.dm, state.app.name)]]);
}

function go(id) {
  here = id;
  thread = "";
  notice("");
  sessionStorage.setItem("here", id);
  draw();
  if (id === state.dm) act({ do: "home", value: tab });
  else act({ do: "context", channel: id });
  $("list").scrollTop = $("list").scrollHeight;
}

function openTab(name) {
  tab = name;
  draw();
  act({ do: "home", value: name });
}

// fill keeps the nodes whose key is unchanged, in order.
function fill(box, items) {
  const old = new Map([...box.children].map((n) => [n.dataset.key, n]));
  const nodes = items.map(([key, make]) => {
    const kept = old.get(key);
    if (kept) return kept;
    const node = make();
    node.dataset.key = key;
    return node;
  });
  const same = nodes.length === box.children.length && nodes.every((n, i) => n === box.children[i]);
  if (same) return false;
  const active = document.activeElement;
  const bottom = box.scrollHeight - box.scrollTop - box.clientHeight < 60;
  box.replaceChildren(...nodes);
  if (box.contains(active)) active.focus({ preventScroll: true });
  if (bottom) box.scrollTop = box.scrollHeight;
  return true;
}

const messagesOf = (id) => state.messages[id] ?? [];
const repliesTo = (ts) => messagesOf(here).filter((m) => m.thread === ts && m.ts !== ts);

function drawChannel() {
  const roots = messagesOf(here).filter((m) => !m.thread || m.thread === m.ts || (m.private && !m.thread));
  const items = roots.map((m) => {
    const n = repliesTo(m.ts).length;
    const line = state.status[here + "/" + m.ts]?.text ?? "";
    return [JSON.stringify([m, n, line, thread === m.ts]), () => message(m, n, line)];
  });
  const offer = state.suggestions[state.dm + "/"];
  if (here === state.dm && offer && !roots.length) items.push([JSON.stringify(offer), () => suggestions(offer)]);
  if (!items.length) items.push(["tom" + here, () => el("p", { class: "empty" }, here === state.dm ? "Stil et spørgsmål nedenfor. Svaret kommer i en tråd." : "Her er ingen beskeder endnu.")]);
  fill($("list"), items);
}

const suggestions = (offer) =>
  el("div", { class: "suggestions" }, el("p", {}, offer.title || "Prøv fx"), ...offer.prompts.map((v) => el("button", { class: "button", type: "button", onclick: () => say(v.message, "") }, v.title)));

const clock = (ts) => new Date(Number(ts.split(".")[0]) * 1000).toLocaleTimeString("da-DK", { hour: "2-digit", minute: "2-digit" });

function room(channel, ts) {
  const use = (where) => async (e, b, value) => {
    if (e.confirm && !(await confirmed(e.confirm))) return;
    if (e.type === "feedback_buttons") judged.set(where.view + channel + ts + e.action_id, value);
    await act({ ...where, action: e.action_id, value });
    if (e.type === "feedback_buttons") refreshNode(channel, ts);
  };
  const where = ts ? { do: "click", channel, ts } : { do: "press", view: channel };
  return {
    viewer: state.viewer, person, channel: (id) => state.channelNames[id], use: use(where),
    people: () => state.order.filter((id) => !state.people[id].bot).map((id) => [id, person(id)]),
    channels: () => Object.entries(state.channelNames),
    pressed: (e) => judged.get(where.view + channel + ts + e.action_id),
  };
}

// refreshNode redraws one message whose look depends on what was pressed here.
function refreshNode(channel, ts) {
  for (const node of document.querySelectorAll(`[data-ts="${CSS.escape(ts)}"]`)) node.dataset.key = "";
  draw();
}

function message(m, replies, line) {
  const who = m.bot ? state.app.name : (person(m.author) ?? "Slack");
  const r = room(here, m.ts);
  const body = el("div", { class: "body" });
  if (m.private) body.append(el("p", { class: "faint" }, "Kun synlig for dig"));
  for (const t of m.tasks ?? []) body.append(task(t));
  if (m.blocks?.length) body.append(blocks(m.blocks, r));
  else if (m.text) body.append(m.streaming ? markdown(m.text, r) : mrkdwn(m.text, r));
  if (m.streaming) body.append(el("span", { class: "cursor", role: "status", "aria-label": "skriver" }));
  if (m.edited) body.append(el("span", { class: "faint" }, " (redigeret)"));
  if (m.reactions?.length) body.append(el("div", { class: "reactions" }, ...m.reactions.map((x) => el("span", { title: x.users.map(person).join(", ") }, (emoji[x.name] ?? ":" + x.name + ":") + " " + x.count))));
  if (line) body.append(el("p", { class: "workline" }, state.app.name + " " + line));
  if (replies > 0 || line) body.append(el("button", { class: "replies", type: "button", onclick: () => openThread(m.ts) }, replies === 1 ? "1 svar" : replies + " svar"));
  return el("article", { class: "message" + (m.private ? " private" : "") + (m.ts === thread ? " chosen" : ""), "data-ts": m.ts, "aria-label": who + " kl. " + clock(m.ts) },
    el("div", { class: "avatar" + (m.bot ? " app" : ""), "aria-hidden": "true" }, who.split(" ").map((s) => s[0]).join("").slice(0, 2)),
    el("div", { class: "content" },
      el("div", { class: "line" }, el("strong", {}, who), m.bot ? el("span", { class: "badge" }, "APP") : "", el("time", {}, clock(m.ts)), menu(m)), body));
}

const emoji = { eyes: "👀", sos: "🆘", white_check_mark: "✅", thumbsup: "👍", "+1": "👍", "-1": "👎", heart: "❤️", tada: "🎉", hourglass: "⌛" };

// menu is what can be done with a message: reply, shortcuts of the app, and with one's own edit and delete.
function menu(m) {
  if (m.private || m.deleted) return "";
  const item = (name, run) => el("button", { type: "button", onclick: (e) => { e.target.closest("details").open = false; run(); } }, name);
  const box = el("div", { class: "menu" }, item("Svar i tråd", () => openThread(m.thread || m.ts)));
  for (const [id, name] of Object.entries(state.shortcuts)) box.append(item(name, () => act({ do: "shortcut", channel: here, ts: m.ts, action: id })));
  if (m.author === state.viewer) {
    box.append(item("Redigér", () => edit(m)), item("Slet besked", () => act({ do: "delete", channel: here, ts: m.ts })));
  }
  return el("details", { class: "more" }, el("summary", { "aria-label": "Flere handlinger" }, "⋯"), box);
}

// edit asks for a new text in a small dialog.
function edit(m) {
  const area = el("textarea", { rows: 3, id: "newtext" });
  area.value = m.text.replace(/<@([^>|]+)[^>]*>/g, (_, id) => "@" + (state.people[id]?.handle ?? id)).replace(/<([^>|]+)[^>]*>/g, "$1").replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  ask("Redigér besked", el("div", { class: "field" }, el("label", { for: "newtext" }, "Ny tekst"), area), "Gem", "Fortryd").then((yes) => yes && act({ do: "edit", channel: here, ts: m.ts, text: area.value }));
}

function confirmed(c) {
  const text = c.text.type === "mrkdwn" ? mrkdwn(c.text.text, room("", "")) : c.text.text;
  return ask(c.title.text, el("div", {}, text), c.confirm.text, c.deny.text);
}

function ask(title, body, yes, no) {
  const dialog = $("confirm");
  return new Promise((done) => {
    const form = el("form", { method: "dialog" }, el("h2", { id: "confirmtitle" }, title), body,
      el("div", { class: "foot" }, el("button", { class: "button", value: "nej" }, no), el("button", { class: "button primary", value: "ja" }, yes)));
    dialog.replaceChildren(form);
    dialog.returnValue = "nej";
    dialog.onclose = () => done(dialog.returnValue === "ja");
    dialog.showModal();
  });
}

function openThread(ts) {
  thread = ts;
  draw();
  $("reply").focus();
}

function drawThread() {
  const root = messagesOf(here).find((m) => m.ts === thread);
  const home = here === state.dm && tab === "home";
  $("threadpane").hidden = !root || home;
  document.body.classList.toggle("withthread", !!root && !home);
  if (!root || home) return;
  const key = here + "/" + thread;
  $("threadname").textContent = state.titles[key] ?? (here === state.dm ? state.app.name : "#" + channelOf(here).name);
  const items = [root, ...repliesTo(thread)].map((m) => [JSON.stringify([m, 0]), () => message(m, 0, "")]);
  const offer = state.suggestions[key];
  if (offer && items.length === 1) items.push([JSON.stringify(offer), () => suggestions(offer)]);
  fill($("thread"), items);
  const line = state.status[key];
  const busy = state.sessions[key] === "processing";
  $("working").hidden = !line && !busy;
  $("status").textContent = line ? state.app.name + " " + line.text : busy ? state.app.name + " arbejder …" : "";
  $("stop").hidden = !busy;
}

function drawHome() {
  const v = state.home;
  if (!v) {
    fill($("home"), [["tomt", () => el("p", { class: "empty" }, "Appen har ikke lagt noget på sin forside endnu.")]]);
    return;
  }
  fill($("home"), [[v.version, () => blocks(v.blocks, room(v.id, ""))]]);
}

let shown = "";

function drawModal() {
  const dialog = $("modal");
  const v = state.modals.at(-1);
  if (!v) {
    shown = "";
    if (dialog.open) dialog.close();
    return;
  }
  const key = JSON.stringify([v.id, v.version, v.errors]);
  if (key === shown) return;
  const typed = v.errors && dialog.firstChild ? values(dialog.firstChild) : {};
  shown = key;
  const form = el("form", { novalidate: true, onsubmit: (e) => { e.preventDefault(); act({ do: "submit", view: v.id, values: values(form) }); } },
    el("header", { class: "top" }, el("h2", { id: "modaltitle" }, v.title), el("button", { class: "icon", type: "button", "aria-label": "Luk vinduet", onclick: close }, "✕")),
    el("div", { class: "scroll" }, blocks(v.blocks, { ...room(v.id, ""), errors: v.errors })),
    el("p", { class: "notice", id: "modalnotice", role: "alert", hidden: true }),
    el("div", { class: "foot" }, el("button", { class: "button", type: "button", onclick: close }, v.close || "Luk"), v.send ? el("button", { class: "button primary", type: "submit" }, v.send) : ""));
  dialog.replaceChildren(form);
  for (const node of form.querySelectorAll("[data-field]")) {
    const [b, a] = JSON.parse(node.dataset.field);
    if (typed[b]?.[a] && !node.read) node.value = typed[b][a];
  }
  if (!dialog.open) dialog.showModal();
  (form.querySelector("[aria-invalid]") ?? form.querySelector("[data-field]:not(.choices), [data-field] input"))?.focus();
}

const close = () => act({ do: "close", view: state.modals.at(-1).id });

async function say(text, inThread) {
  const command = text.match(/^(\/\S+)\s*([\s\S]*)$/);
  if (command && !inThread) return act({ do: "slash", channel: here, command: command[1], text: command[2] });
  const out = await act({ do: "say", channel: here, text, thread: inThread });
  const named = text.toLowerCase().includes("@" + state.app.name.toLowerCase());
  if (out && !inThread && (here === state.dm || named)) {
    thread = out.ts;
    await refresh();
  }
  return out;
}

function composer(formId, areaId, where) {
  const area = $(areaId);
  const send = async () => {
    const text = area.value.trim();
    if (!text) return;
    notice("");
    area.value = "";
    if (!(await say(text, where()))) area.value = text;
  };
  $(formId).addEventListener("submit", (e) => { e.preventDefault(); send(); });
  area.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !e.shiftKey && !e.isComposing) { e.preventDefault(); send(); }
  });
}

composer("form", "write", () => "");
composer("replyform", "reply", () => thread);
$("who").addEventListener("change", (e) => { sessionStorage.setItem("viewer", e.target.value); thread = ""; refresh(); });
$("closethread").addEventListener("click", () => { thread = ""; draw(); $("write").focus(); });
$("stop").addEventListener("click", () => act({ do: "stop", channel: here, thread }));
$("modal").addEventListener("cancel", (e) => { e.preventDefault(); close(); });
for (const name of ["home", "messages"]) $("tab-" + name).addEventListener("click", () => openTab(name));
document.addEventListener("keydown", (e) => { if (e.key === "Escape") for (const d of document.querySelectorAll("details.more[open]")) d.open = false; });
const source = new EventSource("events");
source.onmessage = refresh;
source.onerror = () => { $("connection").textContent = "Forbindelsen er væk"; $("connection").className = "bad"; };
