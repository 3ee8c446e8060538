// Runs every check with every client over both transports, then compares what came in with the types which Slack publishes.
// Usage: node check.mjs EMULATOR. Exit 1 on any difference.
import {createRequire} from 'node:module';
import {Worker} from 'node:worker_threads';
import {Bench} from './lib/bench.mjs';
import {events} from './checks/events.mjs';
import {commands} from './checks/commands.mjs';
import {clicks} from './checks/clicks.mjs';
import {modals} from './checks/modals.mjs';
import {agent} from './checks/agent.mjs';
import {calls} from './checks/calls.mjs';
import {delivery, http, socket} from './checks/delivery.mjs';

const require = createRequire(import.meta.url);
const program = process.argv[2];
let passed = 0, failed = 0;

function report(name, err) {
  if (err) failed++;
  else passed++;
  console.log(err ? `FAIL ${name}: ${err.message}` : `ok   ${name}`);
}

// The app provokes these in the checks; anything else which the emulator calls a problem of the app is a difference.
const provoked = [/^chat\.postMessage (no_text|invalid_blocks)/, /^chat\.postMessage not_allowed_token_type/, /^chat\.findesIkke unknown_method/, /^views\.open (exchanged_trigger_id|invalid_trigger_id)/, /^chat\.startStream missing_recipient_user_id/];

const heardToo = [/rate limit/i, /429/, /503/, /sabotage/, /Authorization of incoming event/, /signature mismatch/i, /top-level `text` argument is missing/, /must be less than 76 characters/];

async function nothingElse(b) {
  const odd = (await b.do('problems') ?? []).map((p) => `${p.Where} ${p.What}`).filter((p) => !provoked.some((r) => r.test(p)));
  if (odd.length) throw new Error(odd.join('; '));
  const heard = b.complaints.filter((c) => !heardToo.some((r) => r.test(c)));
  if (heard.length) throw new Error(`the client complained: ${heard.join('; ')}`);
}

async function suite(bolt, version, transport, captured) {
  const b = await Bench.open(bolt, transport, program);
  try {
    const all = {...events, ...commands, ...clicks, ...modals, ...agent, ...calls, ...(transport === 'http' ? http : {}), ...delivery,
      'no other problem, no complaint of the client': nothingElse, ...(transport === 'http' ? {} : socket)};
    for (const [name, check] of Object.entries(all)) {
      const full = `bolt ${version} ${transport}: ${name}`;
      await check(b, program).then(() => report(full), (err) => report(full, err));
    }
    captured.bodies.push(...b.bodies);
    captured.replies.push(...b.replies);
  } finally {
    await b.close();
  }
}

// compareTypes compares what a client got with the types that come with it, meanwhile in a thread of its own.
async function compareTypes(captured) {
  const worker = new Worker(new URL('./lib/types.mjs', import.meta.url), {workerData: JSON.parse(JSON.stringify(captured))});
  const results = await new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
  for (const {name, wrong} of results) report(`types: ${name}`, wrong.length ? new Error(wrong.join(' | ')) : undefined);
}

const limit = setTimeout(() => { console.log('FAIL the checks took more than 58 s'); process.exit(1); }, 58_000);
const comparisons = [];
for (const name of ['@slack/bolt', 'bolt4']) {
  const {version} = require(`${name}/package.json`);
  const bolt = require(name);
  const captured = {bodies: [], replies: []};
  await Promise.all(['socket', 'http'].map((t) => suite(bolt, version, t, captured).catch((err) => report(`bolt ${version} ${t}`, err))));
  if (name === '@slack/bolt') comparisons.push(compareTypes(captured).catch((err) => report('types', err)));
}
await Promise.all(comparisons);
clearTimeout(limit);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
