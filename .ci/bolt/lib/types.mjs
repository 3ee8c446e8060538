// Compares what the emulator sent with the types that Slack publishes with its client: each payload becomes a literal in a
// TypeScript file in memory, which the compiler checks. Fields more than the types have are let be; a field that is missing
// or of another type is a difference. Null counts as absent, as in Slack's own payloads ("enterprise": null).
//
// Runs as a worker: workerData is what was captured, the message back is a list of {name, wrong}.
import {parentPort, workerData} from 'node:worker_threads';
import ts from 'typescript';

// Where Slack's types ask for more than its documents show, they are loosened here: a message without a subtype has no field
// of that name; the messages inside message_changed and message_deleted name no channel; a click in a view has no response_url.
const head = `import type * as bolt from '@slack/bolt'; import type * as api from '@slack/web-api'; import type * as types from '@slack/types';
type Plain = {[K in keyof types.GenericMessageEvent as K extends 'subtype' ? never : K]: types.GenericMessageEvent[K]};
type Inner = {[K in keyof Plain as K extends 'channel' | 'channel_type' | 'event_ts' ? never : K]: Plain[K]};
type Around<T> = {[K in keyof T as K extends 'message' | 'previous_message' ? never : K]: T[K]} & {message?: Inner; previous_message?: Inner};
type ViewAction = {[K in keyof bolt.BlockAction as K extends 'response_url' ? never : K]: bolt.BlockAction[K]};
declare function fits<T>(): <V extends T>(v: V) => V;`.split('\n');

const events = {
  app_mention: 'types.AppMentionEvent', message: 'Plain', 'message/message_changed': 'Around<types.MessageChangedEvent>', 'message/message_deleted': 'Around<types.MessageDeletedEvent>',
  'message/channel_join': 'types.ChannelJoinMessageEvent', reaction_added: 'types.ReactionAddedEvent', reaction_removed: 'types.ReactionRemovedEvent',
  member_joined_channel: 'types.MemberJoinedChannelEvent', app_home_opened: 'types.AppHomeOpenedEvent', app_context_changed: 'types.AppContextChangedEvent', agent_session_stopped: 'types.AgentSessionStoppedEvent',
};
const others = {command: 'bolt.SlashCommand', action: 'bolt.BlockAction', shortcut: 'bolt.MessageShortcut', view: 'bolt.ViewSubmitAction', closed: 'bolt.ViewClosedAction'};

// typeOf names Slack's type of a payload, and the payload for people.
function typeOf({kind, body}) {
  if (kind === 'action' && body.container.type === 'view') return ['ViewAction', 'block_actions in a view'];
  if (kind !== 'event') return [others[kind], body.actions ? `${body.type} of ${body.actions[0].type}` : body.type ?? 'slash command'];
  const name = body.event.subtype ? `${body.event.type}/${body.event.subtype}` : body.event.type;
  return [events[name] && `bolt.EnvelopedEvent<${events[name]}>`, name];
}

const responseType = (method) => `api.${method.split('.').map((p) => p[0].toUpperCase() + p.slice(1)).join('')}Response`;

// outline tells apart payloads with different fields.
const outline = (x) => Array.isArray(x) ? [...new Set(x.map((y) => JSON.stringify(outline(y))))].sort()
  : x && typeof x === 'object' ? Object.fromEntries(Object.keys(x).sort().map((k) => [k, /^(type|subtype)$/.test(k) ? x[k] : outline(x[k])])) : typeof x;

// bare is an answer without what merely repeats the app's own blocks: Slack's types of answers know those as enumerations only.
const bare = (x) => Array.isArray(x) ? x.map(bare)
  : x && typeof x === 'object' ? Object.fromEntries(Object.entries(x).filter(([k]) => !/^(blocks|title|submit|close)$/.test(k)).map(([k, v]) => [k, bare(v)])) : x;

// literals are [type, name, JSON], one of each outline.
function literals({bodies, replies}) {
  const all = bodies.map((b) => [...typeOf(b), b.body]).concat(replies.map((r) => [responseType(r.method), `answer to ${r.method}`, bare(r.reply)]));
  return [...new Map(all.map((l) => [l[1] + JSON.stringify(outline(l[2])), l])).values()];
}

function compile(lines) {
  const file = new URL('../payloads.ts', import.meta.url).pathname;
  const text = [...head, ...lines].join('\n');
  const options = {noEmit: true, skipLibCheck: true, strict: false, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16, moduleResolution: ts.ModuleResolutionKind.Node16, types: ['node'], esModuleInterop: true};
  const host = ts.createCompilerHost(options);
  const {getSourceFile, fileExists, readFile} = host;
  host.getSourceFile = (name, ...more) => name === file ? ts.createSourceFile(file, text, options.target) : getSourceFile.call(host, name, ...more);
  host.fileExists = (name) => name === file || fileExists.call(host, name);
  host.readFile = (name) => name === file ? text : readFile.call(host, name);
  const program = ts.createProgram([file], options, host);
  const source = program.getSourceFile(file);
  return [...program.getOptionsDiagnostics(), ...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    .map((d) => ({line: d.file ? source.getLineAndCharacterOfPosition(d.start).line : 0, text: ts.flattenDiagnosticMessageText(d.messageText, ' · ')}));
}

// compare gives one result for each kind of payload, for as many payloads as differ from each other in their fields.
function compare(captured) {
  const list = literals(captured);
  const differences = compile(list.map(([type, , json]) => `fits<${type ?? 'never'}>()(${JSON.stringify(json)});`));
  const groups = new Map([['the compiler', differences.filter((d) => d.line < head.length).map((d) => d.text)]]);
  list.forEach(([type, name], i) => {
    const mine = differences.filter((d) => d.line === i + head.length).map((d) => d.text.slice(-500));
    groups.set(name, [...(groups.get(name) ?? []), ...mine, ...(type ? [] : ['no type of Slack’s is named for it'])]);
  });
  return [...groups].map(([name, wrong]) => ({name, wrong: [...new Set(wrong)]}));
}

parentPort.postMessage(compare(workerData));
