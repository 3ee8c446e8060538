// Block Kit as DOM nodes. `room` says who is looking and what a used element does: room.person(id), room.channel(id),
// room.viewer, room.use(element, block, value), room.pressed(element, block).
import { el, link, markdown, mrkdwn } from "./text.js";

export function blocks(list, room) {
  const out = el("div", { class: "blocks" });
  for (const b of list ?? []) out.append(block(b, room));
  return out;
}

function text(t, room) {
  if (!t) return "";
  return t.type === "mrkdwn" ? mrkdwn(t.text, room) : el("div", { class: "text" }, plain(t));
}

const plain = (t) => t?.text ?? "";

const makers = {
  section: (b, room) =>
    el("div", { class: "section" },
      el("div", {}, text(b.text, room), b.fields ? el("div", { class: "fields" }, ...b.fields.map((f) => text(f, room))) : ""),
      b.accessory ? element(b.accessory, b, room) : ""),
  header: (b) => el("h3", { class: "blockheading" }, plain(b.text)),
  divider: () => el("hr"),
  markdown: (b, room) => markdown(b.text ?? "", room),
  context: (b, room) => el("div", { class: "context" }, ...b.elements.map((e) => (e.type === "image" ? image(e) : text(e, room)))),
  actions: (b, room) => el("div", { class: "actions" }, ...b.elements.map((e) => element(e, b, room))),
  context_actions: (b, room) => el("div", { class: "actions small" }, ...b.elements.map((e) => element(e, b, room))),
  rich_text: (b, room) => el("div", { class: "text" }, ...b.elements.map((e) => rich(e, room))),
  image: (b) => image(b),
  input: (b, room) => input(b, room),
  alert: (b, room) => el("div", { class: "alert", role: "note" }, text(b.text, room)),
  container: (b, room) => {
    const body = b.child_blocks.map((c) => block(c, room));
    const title = b.title ? plain(b.title) : el("span", {}, ...b.rich_text_title.elements.map((e) => rich(e, room)));
    if (!b.is_collapsible) return el("section", { class: "box" }, el("strong", {}, title), ...body);
    return el("details", { class: "box", open: !b.default_collapsed }, el("summary", {}, title), ...body);
  },
  card: (b, room) =>
    el("section", { class: "box" }, b.title ? el("strong", {}, text(b.title, room)) : "", text(b.subtitle, room), text(b.body, room),
      b.actions ? el("div", { class: "actions" }, ...b.actions.map((e) => element(e, b, room))) : ""),
  table: (b, room) =>
    el("div", { class: "wide" }, el("table", {}, el("tbody", {}, ...b.rows.map((row, i) =>
      el("tr", {}, ...row.map((c) => el(i ? "td" : "th", {}, c.type === "rich_text" ? makers.rich_text(c, room) : String(c.text ?? c.value ?? "")))))))),
  task_card: (b) => task(b),
  plan: (b) => el("section", { class: "box" }, el("strong", {}, b.title), ...(b.tasks ?? []).map(task)),
};

function block(b, room) {
  const make = makers[b.type];
  const node = make ? make(b, room) : el("div", { class: "context" }, `(blokken »${b.type}« vises ikke her)`);
  if (b.block_id) node.dataset.block = b.block_id;
  return node;
}

const image = (e) => el("span", { class: "picture", role: "img", "aria-label": e.alt_text ?? "billede" }, "▣ " + (e.alt_text ?? ""));

const signs = { pending: "○", in_progress: "◐", complete: "✓", error: "!" };
const words = { pending: "venter", in_progress: "i gang", complete: "færdig", error: "fejl" };

// task is one step of the app's work, from a task_card or a stream.
export function task(t) {
  const status = t.status ?? t.Status ?? "pending";
  return el("div", { class: "task " + status },
    el("span", { class: "sign", role: "img", "aria-label": words[status] ?? status }, signs[status] ?? "○"), t.title ?? t.Title);
}

function rich(e, room) {
  switch (e.type) {
    case "rich_text_section":
      return el("div", {}, ...e.elements.map((x) => piece(x, room)));
    case "rich_text_quote":
      return el("blockquote", {}, ...e.elements.map((x) => piece(x, room)));
    case "rich_text_preformatted":
      return el("pre", {}, el("code", {}, ...e.elements.map((x) => piece(x, room))));
    case "rich_text_list":
      return el(e.style === "ordered" ? "ol" : "ul", { start: e.offset ? e.offset + 1 : undefined, class: "indent" + (e.indent ?? 0) },
        ...e.elements.map((x) => el("li", {}, ...x.elements.map((y) => piece(y, room)))));
  }
  return el("span");
}

function piece(e, room) {
  let node;
  switch (e.type) {
    case "text": node = el("span", { class: "lines" }, e.text); break;
    case "link": node = link(e.url, e.text || e.url); break;
    case "user": node = el("span", { class: "mention" }, "@" + (room.person(e.user_id) ?? e.user_id)); break;
    case "channel": node = el("span", { class: "mention" }, "#" + (room.channel(e.channel_id) ?? e.channel_id)); break;
    case "broadcast": node = el("span", { class: "mention" }, "@" + e.range); break;
    case "citation": {
      node = link(e.url, e.text);
      node.classList.add("citation");
      node.title = [e.details?.title, e.details?.snippet].filter(Boolean).join("\n");
      break;
    }
    default: node = el("span", {}, e.fallback ?? (e.name ? ":" + e.name + ":" : ""));
  }
  const s = e.style ?? {};
  if (s.code) node = el("code", {}, node);
  if (s.bold) node = el("strong", {}, node);
  if (s.italic) node = el("em", {}, node);
  if (s.strike) node = el("s", {}, node);
  return node;
}

// element is what a person can use.
function element(e, b, room) {
  switch (e.type) {
    case "button": return button(e, b, room);
    case "workflow_button": return el("button", { class: "button", type: "button", disabled: true }, plain(e.text));
    case "feedback_buttons":
      return el("span", { class: "verdict", role: "group", "aria-label": "Bedøm svaret" }, thumb(e, b, room, "positive", "👍"), thumb(e, b, room, "negative", "👎"));
    case "icon_button":
      if (e.visible_to_user_ids && !e.visible_to_user_ids.includes(room.viewer)) return el("span");
      return el("button", { class: "button little", type: "button", "aria-label": e.accessibility_label ?? plain(e.text), title: plain(e.text), onclick: () => room.use(e, b, "") }, "🗑 ", plain(e.text));
    case "image": return image(e);
    case "overflow":
    case "static_select":
    case "users_select":
    case "channels_select":
    case "conversations_select":
      return select(e, room, { onchange: (ev) => ev.target.value && room.use(e, b, ev.target.value) });
    case "radio_buttons":
    case "checkboxes":
      return choices(e, b, (value) => room.use(e, b, value));
  }
  return field(e, b, {});
}

function button(e, b, room) {
  const props = { class: "button " + (e.style ?? ""), "aria-label": e.accessibility_label };
  if (!e.url) return el("button", { ...props, type: "button", onclick: () => room.use(e, b, "") }, plain(e.text));
  const a = link(e.url, plain(e.text));
  a.className = props.class;
  a.addEventListener("click", () => room.use({ ...e, confirm: undefined }, b, ""));
  return a;
}

function thumb(e, b, room, side, sign) {
  const what = e[side + "_button"];
  const value = what.value;
  return el("button", { class: "button little", type: "button", "aria-pressed": room.pressed(e, b) === value ? "true" : "false", "aria-label": what.accessibility_label ?? plain(what.text),
    title: plain(what.text), onclick: () => room.use(e, b, value) }, sign + " ", plain(what.text));
}

const options = (e) => [...(e.options ?? []), ...(e.option_groups ?? []).flatMap((g) => g.options)];

function select(e, room, props) {
  const known = { users_select: room.people, channels_select: room.channels, conversations_select: room.channels }[e.type]?.();
  const first = e.initial_option?.value ?? e.initial_user ?? e.initial_channel ?? e.initial_conversation;
  const out = el("select", { "aria-label": plain(e.placeholder) || "Vælg", ...props }, el("option", { value: "" }, plain(e.placeholder) || (e.type === "overflow" ? "⋯" : "Vælg …")));
  for (const o of known ?? options(e).map((o) => [o.value, plain(o.text)])) out.append(el("option", { value: o[0], selected: o[0] === first }, o[1]));
  return out;
}

function choices(e, b, change, id) {
  const kind = e.type === "checkboxes" ? "checkbox" : "radio";
  const initial = [...(e.initial_options ?? []), e.initial_option].filter(Boolean).map((o) => o.value);
  const name = b.block_id + "/" + e.action_id;
  const box = el("div", { class: "choices", role: kind === "radio" ? "radiogroup" : "group", "aria-labelledby": id });
  const chosen = () => [...box.querySelectorAll("input:checked")].map((i) => i.value).join(",");
  for (const o of e.options) {
    box.append(el("label", {}, el("input", { type: kind, name, value: o.value, checked: initial.includes(o.value), onchange: () => change?.(chosen()) }), " ", plain(o.text)));
  }
  box.read = chosen;
  return box;
}

// field is an input of a form; its value is read with read().
function field(e, b, props) {
  const types = { email_text_input: "email", url_text_input: "url", number_input: "text", datepicker: "date", timepicker: "time" };
  const common = { ...props, placeholder: plain(e.placeholder), maxlength: e.max_length, minlength: e.min_length };
  const node = e.multiline ? el("textarea", { ...common, rows: 4 }) : el("input", { ...common, type: types[e.type] ?? "text" });
  node.value = e.initial_value ?? e.initial_date ?? e.initial_time ?? "";
  return node;
}

function input(b, room) {
  const e = b.element;
  const id = "field-" + b.block_id;
  const label = el("label", { for: id, id: id + "-name" }, plain(b.label), b.optional ? el("span", { class: "faint" }, " (kan udelades)") : "");
  let control;
  if (e.options && ["radio_buttons", "checkboxes"].includes(e.type)) control = choices(e, b, null, id + "-name");
  else if (e.type.endsWith("select")) control = select(e, room, { id, required: !b.optional });
  else control = field(e, b, { id, required: !b.optional && "required" });
  control.dataset.field = JSON.stringify([b.block_id, e.action_id]);
  const wrong = room.errors?.[b.block_id];
  const fault = wrong ? el("p", { class: "fault", id: id + "-fault", role: "alert" }, wrong) : "";
  if (wrong) {
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", id + "-fault");
  }
  return el("div", { class: "field" }, label, control, b.hint ? el("p", { class: "faint" }, plain(b.hint)) : "", fault);
}

// values reads all inputs of a form: block_id → action_id → value.
export function values(form) {
  const out = {};
  for (const node of form.querySelectorAll("[data-field]")) {
    const [block, action] = JSON.parse(node.dataset.field);
    out[block] = { ...out[block], [action]: node.read ? node.read() : node.value };
  }
  return out;
}
