// Text of messages as DOM nodes. Nothing here ever sets innerHTML: every piece of text becomes a text node.

export function el(name, props = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((c) => c !== null && c !== undefined && c !== ""));
  return node;
}

// link is an anchor that opens outside the page, or plain text when the address is of no harmless kind.
export function link(address, ...label) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return el("span", {}, ...label);
  }
  if (!["http:", "https:", "mailto:"].includes(url.protocol)) return el("span", {}, ...label);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer", title: url.href }, ...label);
}

const unescape = (s) => s.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

// entity is <…> of Slack's text: a mention, a channel, an address.
function entity(inside, room) {
  const [code, label] = inside.split("|", 2);
  if (code.startsWith("@")) return mention("@" + (room.person(code.slice(1)) ?? label ?? code.slice(1)));
  if (code.startsWith("#")) return mention("#" + (label || room.channel(code.slice(1)) || code.slice(1)));
  if (code.startsWith("!date")) return document.createTextNode(unescape(label ?? code));
  if (code.startsWith("!")) return mention("@" + (label ?? code.slice(1)));
  return link(unescape(code), unescape(label ?? code.replace(/^mailto:/, "")));
}

const mention = (text) => el("span", { class: "mention" }, text);

// Marks of Slack's mrkdwn. A mark counts only where a word could begin or end.
const mark = /<([^<>\n]+)>|`([^`\n]+)`|(?<![\p{L}\p{N}*])\*([^*\n]+)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_([^_\n]+)_(?![\p{L}\p{N}_])|(?<![\p{L}\p{N}~])~([^~\n]+)~(?![\p{L}\p{N}~])/gu;

function inline(text, room) {
  const out = [];
  let at = 0;
  for (const m of text.matchAll(mark)) {
    if (m.index > at) out.push(unescape(text.slice(at, m.index)));
    if (m[1] !== undefined) out.push(entity(m[1], room));
    else if (m[2] !== undefined) out.push(el("code", {}, unescape(m[2])));
    else if (m[3] !== undefined) out.push(el("strong", {}, ...inline(m[3], room)));
    else if (m[4] !== undefined) out.push(el("em", {}, ...inline(m[4], room)));
    else out.push(el("s", {}, ...inline(m[5], room)));
    at = m.index + m[0].length;
  }
  if (at < text.length) out.push(unescape(text.slice(at)));
  return out;
}

// mrkdwn is Slack's own markup.
export function mrkdwn(text, room) {
  const out = el("div", { class: "text" });
  text.split(/```\n?/).forEach((part, i) => {
    if (i % 2 === 1) {
      out.append(el("pre", {}, el("code", {}, unescape(part.replace(/\n$/, "")))));
      return;
    }
    let quote = null;
    for (const line of part.split("\n")) {
      const quoted = line.match(/^(?:&gt;|>)\s?(.*)$/);
      if (quoted) {
        if (!quote) out.append((quote = el("blockquote")));
        quote.append(el("div", {}, ...inline(quoted[1], room)));
      } else {
        quote = null;
        out.append(el("div", { class: line ? undefined : "blank" }, ...inline(line, room)));
      }
    }
  });
  return out;
}

// Marks of standard Markdown inside a line; <url|label> works there too.
const mdMark = /\\([\\`*_{}[\]()#+\-.!~>|])|`([^`]+)`|\[((?:[^[\]]|\[[^[\]]*\])+)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)|<([^<>\s|]+)(?:\|([^<>]*))?>|\*\*(.+?)\*\*|__(.+?)__|~~(.+?)~~|(?<![\p{L}\p{N}*])\*([^*\n]+)\*(?![\p{L}\p{N}*])|(?<![\p{L}\p{N}_])_([^_\n]+)_(?![\p{L}\p{N}_])/gu;

function mdInline(text, room) {
  const out = [];
  let at = 0;
  for (const m of text.matchAll(mdMark)) {
    if (m.index > at) out.push(text.slice(at, m.index));
    if (m[1] !== undefined) out.push(m[1]);
    else if (m[2] !== undefined) out.push(el("code", {}, m[2]));
    else if (m[3] !== undefined) out.push(link(m[4], ...mdInline(m[3], room)));
    else if (m[5] !== undefined) out.push(entity(m[6] === undefined ? m[5] : m[5] + "|" + m[6], room));
    else if (m[7] ?? m[8]) out.push(el("strong", {}, ...mdInline(m[7] ?? m[8], room)));
    else if (m[9] !== undefined) out.push(el("s", {}, ...mdInline(m[9], room)));
    else out.push(el("em", {}, ...mdInline(m[10] ?? m[11], room)));
    at = m.index + m[0].length;
  }
  if (at < text.length) out.push(text.slice(at));
  return out;
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((c) => c.trim());

// markdown is the markup of markdown blocks and streams.
export function markdown(text, room) {
  const out = el("div", { class: "text md" });
  const lines = text.split("\n");
  let para = [];
  const flush = () => {
    if (!para.length) return;
    const p = el("p");
    para.forEach((line, i) => p.append(...(i ? [el("br")] : []), ...mdInline(line, room)));
    out.append(p);
    para = [];
  };
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    let m;
    if ((m = line.match(/^```/))) {
      flush();
      const code = [];
      while (++i < lines.length && !lines[i].startsWith("```")) code.push(lines[i]);
      out.append(el("pre", {}, el("code", {}, code.join("\n"))));
    } else if ((m = line.match(/^(#{1,6})\s+(.*)$/))) {
      flush();
      out.append(el("p", { class: "heading" }, ...mdInline(m[2], room)));
    } else if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) {
      flush();
      out.append(el("hr"));
    } else if (line.includes("|") && /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/.test(lines[i + 1] ?? "")) {
      flush();
      i = table(out, lines, i, room);
    } else if (/^\s*([-*+]|\d+[.)])\s+/.test(line)) {
      flush();
      i = list(out, lines, i, room);
    } else if ((m = line.match(/^>\s?(.*)$/))) {
      flush();
      const quote = [m[1]];
      while (/^>/.test(lines[i + 1] ?? "")) quote.push(lines[++i].replace(/^>\s?/, ""));
      out.append(el("blockquote", {}, markdown(quote.join("\n"), room)));
    } else if (!line.trim()) flush();
    else para.push(line);
  }
  flush();
  return out;
}

function table(out, lines, i, room) {
  const head = el("tr", {}, ...cells(lines[i]).map((c) => el("th", {}, ...mdInline(c, room))));
  const body = el("tbody");
  i += 2;
  for (; i < lines.length && lines[i].includes("|"); i++) {
    body.append(el("tr", {}, ...cells(lines[i]).map((c) => el("td", {}, ...mdInline(c, room)))));
  }
  out.append(el("table", {}, el("thead", {}, head), body));
  return i - 1;
}

// list takes a list with its nested lists and says where it ended.
function list(out, lines, i, room) {
  const stack = [];
  for (; i < lines.length; i++) {
    const m = lines[i].match(/^(\s*)([-*+]|\d+[.)])\s+(.*)$/);
    if (!m) {
      if (lines[i].trim() && /^\s/.test(lines[i]) && stack.length) {
        stack.at(-1).node.lastChild.append(" ", ...mdInline(lines[i].trim(), room));
        continue;
      }
      break;
    }
    const depth = m[1].length;
    while (stack.length > 1 && depth < stack.at(-1).depth) stack.pop();
    if (!stack.length || depth > stack.at(-1).depth + 1) {
      const number = parseInt(m[2], 10);
      const node = Number.isNaN(number) ? el("ul") : el("ol", { start: number });
      (stack.length ? stack.at(-1).node.lastChild : out).append(node);
      stack.push({ depth, node });
    }
    stack.at(-1).node.append(el("li", {}, ...mdInline(m[3], room)));
  }
  return i - 1;
}
