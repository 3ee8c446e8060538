// A bench is a Bolt app connected to an emulated workspace, over Socket Mode or HTTP. All that comes in lands in a mailbox,
// from which the checks take it with next: so a check reads as what happened, one line after the other.
import {createServer} from 'node:net';
import {once} from 'node:events';
import {Emulator} from './emulator.mjs';

export const anna = 'U0ANNA', bo = 'U0BO', bot = 'U0KILDE', botID = 'B0KILDE', app = 'A0KILDE', team = 'T0DEMO', channel = 'C0FRIVILLIG';
export const secret = 'hemmelig-i-demo', botToken = 'xoxb-DEMO', appToken = 'xapp-1-DEMO';
const endpoints = ['/slack/events', '/slack/interactive', '/slack/commands'];

async function freePort() {
  const s = createServer().listen(0, '127.0.0.1');
  await once(s, 'listening');
  const {port} = s.address();
  s.close();
  await once(s, 'close');
  return port;
}

export class Bench {
  #mail = [];
  #waiting = [];
  complaints = []; // what the client logged as an error, or threw in a listener
  bodies = []; // every payload received: {kind, body}
  replies = []; // answers of the Web API: {method, reply}
  sabotage = 0; // how many deliveries to refuse

  static async open(bolt, transport, program) {
    const b = new Bench();
    b.bolt = bolt;
    b.transport = transport;
    b.port = transport === 'http' ? await freePort() : 0;
    b.emulator = await Emulator.start(program, b.port ? ['-events', `http://127.0.0.1:${b.port}`] : []);
    b.do = b.emulator.do.bind(b.emulator);
    b.until = b.emulator.until.bind(b.emulator);
    b.clientOptions = {slackApiUrl: `${b.emulator.base}/api/`, retryConfig: {retries: 3, minTimeout: 50, maxTimeout: 200}};
    b.app = new bolt.App({receiver: b.#receiver(), authorize: () => b.#authorize(), clientOptions: b.clientOptions, ignoreSelf: false, logger: b.#logger()});
    b.#listen();
    await b.app.start(b.port ? {port: b.port, host: '127.0.0.1'} : undefined);
    b.client = new bolt.webApi.WebClient(botToken, {...b.clientOptions, logger: b.#logger()});
    if (!b.port) await b.until('sockets', {}, (n) => n === 1);
    return b;
  }

  #receiver() {
    const logger = this.#logger();
    if (this.port) return new this.bolt.HTTPReceiver({signingSecret: secret, endpoints, logger});
    const r = new this.bolt.SocketModeReceiver({appToken, logger, processEventErrorHandler: async () => false, installerOptions: {clientOptions: {...this.clientOptions}}});
    this.socket = r.client;
    return r;
  }

  #logger() {
    const keep = (level) => (...what) => this.complaints.push(`${level}: ${what.join(' ')}`);
    return {debug() {}, info() {}, warn: keep('warn'), error: keep('error'), setLevel() {}, getLevel: () => 'warn', setName() {}};
  }

  // authorize says who the app is, as Bolt's own for a single token: auth.test tells. While there is sabotage it fails, so that the delivery is not acknowledged.
  async #authorize() {
    if (this.sabotage > 0) {
      this.sabotage--;
      throw new Error('sabotage');
    }
    this.me ??= await new this.bolt.webApi.WebClient(botToken, this.clientOptions).auth.test();
    return {botToken, botId: this.me.bot_id, botUserId: this.me.user_id, teamId: this.me.team_id};
  }

  #listen() {
    const keep = (kind) => async (args) => {
      this.bodies.push({kind, body: args.body});
      this.#deliver({kind, ...args});
    };
    this.app.event(/.*/, keep('event'));
    this.app.command(/.*/, keep('command'));
    this.app.action(/.*/, keep('action'));
    this.app.shortcut(/.*/, keep('shortcut'));
    this.app.view(/.*/, keep('view'));
    this.app.view({callback_id: /.*/, type: 'view_closed'}, keep('closed'));
    this.app.error(async (err) => {
      if (!/sabotage/.test(err.message)) this.complaints.push(`listener: ${err.message}`);
      throw err;
    });
  }

  #deliver(item) {
    const i = this.#waiting.findIndex((w) => w.fits(item));
    if (i < 0) this.#mail.push(item);
    else this.#waiting.splice(i, 1)[0].resolve(item);
  }

  // next resolves to the first item of a kind (or event type) which satisfies fits, that has come or comes within ms.
  next(kind, fits = () => true, ms = 5000) {
    const wanted = (x) => (x.kind === kind || x.kind === 'event' && x.payload.type === kind) && fits(x.payload, x);
    const i = this.#mail.findIndex(wanted);
    if (i >= 0) return Promise.resolve(this.#mail.splice(i, 1)[0]);
    return new Promise((resolve, reject) => {
      const w = {fits: wanted, resolve: (x) => { clearTimeout(timer); resolve(x); }};
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(w), 1);
        reject(new Error(`no ${kind} came within ${ms} ms`));
      }, ms);
      this.#waiting.push(w);
    });
  }

  // count is how many items in the mailbox satisfy fits.
  count(fits) { return this.#mail.filter(fits).length; }

  // call calls the Web API and keeps the answer for the comparison with Slack's types.
  async call(method, args = {}) {
    const reply = await this.client.apiCall(method, args);
    this.replies.push({method, reply});
    return reply;
  }

  // message resolves to the message as it stands, when it satisfies cond.
  async message(place, ts, cond = () => true) {
    const find = (all) => (all ?? []).find((m) => m.TS === ts);
    return find(await this.until('messages', {channel: place}, (all) => find(all) && cond(find(all))));
  }

  async close() {
    const parts = [() => this.app.stop(), () => this.emulator.stop()];
    if (this.port) parts.reverse(); // the HTTP server waits for its connections to end
    for (const end of parts) await end().catch(() => {});
  }
}
