// Deliveries that go wrong: not acknowledged, sent anew, refreshed connections, wrong signatures.
import {Emulator} from '../lib/emulator.mjs';
import {anna, bot, channel, secret} from '../lib/bench.mjs';
import {like, same} from '../lib/like.mjs';

export const delivery = {
  async 'an event that is not acknowledged comes again, with its reason'(b) {
    b.sabotage = 1;
    const ts = await b.do('say', {user: anna, channel, text: 'bliver sendt igen'});
    const {context, payload} = await b.next('message', (e) => e.ts === ts, 8000);
    like(context, {retryNum: 1, retryReason: b.transport === 'http' ? 'http_error' : 'timeout'});
    same(payload.text, 'bliver sendt igen');
    like((await b.do('deliveries')).find((d) => d.Payload.event?.ts === ts), {Sent: [String, String], Failed: false});
  },

  async 'every envelope but that one was acknowledged at the first attempt'(b) {
    await b.until('pending', {}, (n) => n === 0);
    const again = (await b.do('deliveries')).filter((d) => d.Sent.length !== 1 || d.Failed);
    same(again.map((d) => d.Sent.length), [2], 'attempts of envelopes sent again');
  },

  async 'an expired trigger'(b) {
    await b.do('slash', {user: anna, channel, command: '/kilde', text: 'langsom'});
    const {ack, command, client} = await b.next('command');
    await ack();
    await new Promise((r) => setTimeout(r, 3100));
    let code = '';
    await client.views.open({trigger_id: command.trigger_id, view: {type: 'modal', title: {type: 'plain_text', text: 'x'}, blocks: []}}).catch((err) => { code = err.data?.error; });
    same(code, 'expired_trigger_id', 'the error');
  },
};

export const http = {
  async 'url_verification'(b) {
    await b.do('verify');
  },

  async 'a wrong signature is refused by the client'(b, program) {
    const forger = await Emulator.start(program, ['-events', `http://127.0.0.1:${b.port}`, '-secret', `${secret}-forkert`]);
    try {
      let error = '';
      await forger.do('verify').catch((err) => { error = err.message; });
      like(error, /http_error/);
    } finally {
      await forger.stop();
    }
  },
};

export const socket = {
  async 'refresh_requested: the client comes back, and what was said meanwhile arrives once'(b) {
    const slow = b.socket.clientPingTimeoutMS;
    b.socket.clientPingTimeoutMS = 200; // also the time before it connects anew
    b.socket.once('reconnecting', () => { b.socket.clientPingTimeoutMS = slow; });
    same(await b.do('disconnect', {reason: 'refresh_requested'}), 1, 'sockets that were told');
    await b.until('sockets', {}, (n) => n === 0);
    const ts = await b.do('say', {user: anna, channel, text: `<@${bot}> imens`});
    await b.next('app_mention', (e) => e.ts === ts, 8000);
    await b.next('message', (e) => e.ts === ts);
    await b.until('pending', {}, (n) => n === 0);
    same(await b.do('sockets'), 1, 'sockets');
    same(b.count((x) => x.payload.ts === ts), 0, 'copies of the events');
  },

  async 'a socket cut without a word: the client comes back'(b) {
    const slow = b.socket.clientPingTimeoutMS;
    b.socket.clientPingTimeoutMS = 200;
    b.socket.once('reconnecting', () => { b.socket.clientPingTimeoutMS = slow; });
    await b.do('drop');
    await b.until('sockets', {}, (n) => n === 0);
    const ts = await b.do('say', {user: anna, channel, text: 'efter bruddet'});
    await b.next('message', (e) => e.ts === ts, 8000);
  },
};
