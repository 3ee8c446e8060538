// Starts local-slack and the assistant, asks questions as a person, and checks that each gets exactly one answer with sources.
// Usage: node check.mjs FOLDER BOT [ARGUMENT…], where FOLDER holds local-slack and config.yaml. Exit 1 on a difference. All that
// was started is stopped by its process id, whatever happens.
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chownSync, mkdirSync, openSync, readFileSync} from 'node:fs';

const [folder, ...bot] = process.argv.slice(2);
const base = 'http://127.0.0.1:18080', anna = 'U0ANNA', me = 'U0KILDE', channel = 'C0FRIVILLIG';
const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
const children = [];
let passed = 0, failed = 0;

// start runs a program with nothing of this process's environment but the path; what it prints goes to a file.
function start(name, command, args, env, as = {}) {
  const log = openSync(`${folder}/${name}.log`, 'w');
  const child = spawn(command, args, {cwd: folder, stdio: ['pipe', log, log], env: {PATH: process.env.PATH, HOME: folder, TMPDIR: folder, ...env}, ...as});
  child.once('error', (err) => console.log(`${name}: ${err.message}`));
  children.unshift({name, child});
}

async function stopAll() {
  for (const {name, child} of children) {
    if (child.exitCode !== null || child.signalCode || !child.pid) {
      console.log(`FAIL ${name} ended by itself: ${readFileSync(`${folder}/${name}.log`, 'utf8').slice(-800)}`);
      failed++;
      continue;
    }
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 16_000);
    const [code, signal] = await ended;
    clearTimeout(timer);
    console.log(`     ${name} (process ${child.pid}) stopped with ${signal ?? code}`);
  }
}

async function control(path, body) {
  const r = await fetch(`${base}/_control/${path}`, body && {method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)});
  if (!r.ok) throw new Error(`${path}: HTTP ${r.status}`);
  return r.json();
}

// until asks again and again, as long as both programs live.
async function until(what, ask, ms = 20_000) {
  for (const end = Date.now() + ms; ;) {
    const dead = children.find(({child}) => child.exitCode !== null || child.signalCode);
    if (dead) throw new Error(`${what}: ${dead.name} has ended`);
    const got = await ask().catch(() => null);
    if (got) return got;
    if (Date.now() > end) throw new Error(`${what}: not within ${ms} ms`);
    await sleep(50);
  }
}

async function check(name, f) {
  try {
    const note = await f();
    passed++;
    console.log(`ok   ${name}${note ? `: ${note}` : ''}`);
  } catch (err) {
    failed++;
    console.log(`FAIL ${name}: ${err.message}`);
  }
}

const messages = async (place) => (await control(`messages/${place}`)).messages;
const log = async () => (await control('log')).log;

// cited tells an answer with sources: a markdown block with a numbered link, and a list of sources and literature below it.
function cited(m) {
  const blocks = m.blocks ?? [];
  const text = JSON.stringify(blocks);
  return blocks.some((b) => b.type === 'markdown' && /\[1\]\(https:/.test(b.text)) && /\*Kilder/.test(text) && /\*Litteratur/.test(text);
}

// one waits for the answer, then a while longer, and demands that it is the only one.
async function one(place, fits) {
  const mine = async () => (await messages(place)).filter((m) => m.user === me && fits(m));
  await until('an answer', async () => (await mine()).length > 0);
  await sleep(3000);
  const all = await mine();
  if (all.length !== 1) throw new Error(`${all.length} answers`);
  if (!cited(all[0])) throw new Error(`the answer has no sources: ${JSON.stringify(all[0]).slice(0, 400)}`);
  return all[0];
}

async function questions() {
  let answer, dm;
  await check('direct message: exactly one cited answer, in its thread', async () => {
    const {message} = await control('message', {channel: anna, user: anna, text: 'Hvad er samskabelse?'});
    dm = message.channel;
    answer = await one(dm, (m) => m.thread_ts === message.ts);
    return answer.text;
  });
  await check('mention in a channel: exactly one cited answer, in its thread', async () => {
    const {message} = await control('message', {channel, user: anna, text: `<@${me}> Hvad er et partnerskab?`});
    return (await one(channel, (m) => m.thread_ts === message.ts)).text;
  });
  await check('slash command: exactly one cited answer, for the asker alone', async () => {
    await control('command', {channel, user: anna, command: '/kilde', text: 'Hvad er en hybrid organisation?'});
    const m = await one(channel, (x) => x.subtype === 'ephemeral' && !x.thread_ts);
    if (m.ephemeral_to !== anna) throw new Error(`for ${m.ephemeral_to}`);
    return m.text;
  });
  await check('button »Vis uddrag«: a modal opens', async () => {
    const {block_id, elements} = answer.blocks.find((b) => b.elements?.some((e) => e.action_id === 'vis_uddrag'));
    const {type, action_id, value, text} = elements.find((e) => e.action_id === 'vis_uddrag');
    await control('interact', {channel: dm, messageTs: answer.ts, user: anna, action: {type, action_id, block_id, value, text}});
    await until('views.open', async () => (await log()).some((e) => e.kind === 'web_api' && e.summary === 'views.open'));
  });
  await check('App Home: it is published', async () => {
    await control('open-home', {user: anna});
    await until('views.publish', async () => (await log()).some((e) => e.kind === 'web_api' && e.summary === 'views.publish'));
  });
  await check('after 35 s of silence (local-slack sends no pings): still exactly one cited answer', async () => {
    const before = (await log()).filter((e) => /socket connected/.test(e.summary)).length;
    await sleep(35_000);
    const {message} = await control('message', {channel: anna, user: anna, text: 'Hvad er civilsamfundet?'});
    await one(dm, (m) => m.thread_ts === message.ts);
    return `${(await log()).filter((e) => /socket connected/.test(e.summary)).length - before} new sockets meanwhile`;
  });
  await check('every envelope was acknowledged', async () => {
    const all = await log();
    const sent = all.filter((e) => e.direction === 'to_bot' && /^envelope/.test(e.summary)).length, acked = all.filter((e) => e.kind === 'ack').length;
    if (sent !== acked) throw new Error(`${sent} envelopes, ${acked} acknowledgements`);
    return `${sent}`;
  });
  const methods = [...new Set((await log()).filter((e) => e.kind === 'web_api').map((e) => e.summary))].sort();
  console.log(`     methods called: ${methods.join(', ')}`);
}

const limit = setTimeout(() => { console.log('FAIL the check took more than 110 s'); for (const {child} of children) child.kill('SIGKILL'); process.exit(1); }, 110_000);
try {
  const files = `${folder}/files`, plain = process.getuid() === 0 ? {uid: 65534, gid: 65534} : {}; // a program of others gets no rights that it does not need
  mkdirSync(files);
  if (plain.uid) chownSync(files, plain.uid, plain.gid);
  start('local-slack', `${folder}/local-slack`, ['--config', `${folder}/config.yaml`, '--port', '18080'], {TMPDIR: files}, plain);
  await until('local-slack', () => control('state'));
  mkdirSync(`${folder}/data`, {mode: 0o700});
  start('bot', bot[0], bot.slice(1), {SLACK_API_URL: `${base}/api/`, SLACK_BOT_TOKEN: 'xoxb-DEMO', SLACK_APP_TOKEN: 'xapp-1-DEMO', KILDESVAR_DATA: `${folder}/data`, KILDESVAR_EXPERT_CHANNEL: 'C0EKSPERT', LOG_LEVEL: 'info'});
  await check('the assistant connects over Socket Mode', () => until('sockets', async () => (await log()).filter((e) => /socket connected/.test(e.summary)).length >= 2, 30_000).then(() => ''));
  await questions();
} catch (err) {
  failed++;
  console.log(`FAIL ${err.message}`);
} finally {
  await stopAll();
  clearTimeout(limit);
}
const lines = readFileSync(`${folder}/bot.log`, 'utf8').split('\n').filter((l) => /unknown_method|level=(WARN|ERROR)/.test(l));
console.log(lines.map((l) => `     bot: ${l}`).join('\n'));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
