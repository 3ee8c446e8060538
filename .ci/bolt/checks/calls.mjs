// Calls of the Web API: reading, refusals, limits and breakdowns as the client sees them.
import {like, refused, same} from '../lib/like.mjs';
import {anna, app, appToken, bo, bot, botID, channel, team} from '../lib/bench.mjs';

export const calls = {
  async 'auth.test, bots.info, users.info'(b) {
    like(await b.call('auth.test'), {ok: true, url: /^https:/, team: String, user: String, team_id: team, user_id: bot, bot_id: botID, is_enterprise_install: false});
    like(await b.call('bots.info', {bot: botID}), {bot: {id: botID, app_id: app, user_id: bot, name: String}});
    like(await b.call('users.info', {user: anna, include_locale: true}), {user: {id: anna, team_id: team, name: 'anna', real_name: 'Anna Holm', locale: 'da-DK', is_bot: false, profile: {display_name: 'anna'}}});
  },

  async 'conversations: info, members by pages, list, open, history, replies, permalink'(b) {
    like(await b.call('conversations.info', {channel}), {channel: {id: channel, name: 'frivillig-viden', is_channel: true, is_private: false, is_member: true, is_ext_shared: false, topic: {value: String}}});
    const found = [];
    for await (const page of b.client.paginate('conversations.members', {channel, limit: 1})) found.push(...page.members);
    same(found.sort(), ['U0ANNA', 'U0BO', 'U0CLARA', bot].sort(), 'the members');
    like((await b.call('conversations.list', {types: 'public_channel'})).channels.find((c) => c.id === channel), {is_member: true, num_members: 4});
    const opened = await b.call('conversations.open', {users: bo, return_im: true});
    like(opened.channel, {id: /^D/, is_im: true, user: bo});
    const root = await b.do('say', {user: anna, channel, text: 'rod'});
    const {ts} = await b.client.chat.postMessage({channel, thread_ts: root, text: 'svar', metadata: {event_type: 'svar', event_payload: {nr: 'n3'}}});
    const thread = await b.call('conversations.replies', {channel, ts: root, include_all_metadata: true});
    same(thread.messages.map((m) => m.ts), [root, ts], 'the thread');
    like(thread, {has_more: false, messages: [{reply_count: 1, reply_users: [bot], latest_reply: ts, thread_ts: root}, {thread_ts: root, parent_user_id: anna, metadata: {event_type: 'svar', event_payload: {nr: 'n3'}}}]});
    const history = await b.call('conversations.history', {channel, limit: 1});
    like(history, {has_more: true, messages: [{ts: root}], response_metadata: {next_cursor: String}});
    like(await b.call('chat.getPermalink', {channel, message_ts: ts}), {channel, permalink: new RegExp(`/archives/${channel}/p${ts.replace('.', '')}\\?thread_ts=${root}&cid=${channel}$`)});
  },

  async 'metadata is left out unless include_all_metadata is set'(b) {
    const {ts} = await b.client.chat.postMessage({channel, text: 'med metadata', metadata: {event_type: 'svar', event_payload: {nr: 'n4'}}});
    const {messages} = await b.client.conversations.replies({channel, ts});
    same(messages[0].metadata?.event_payload, undefined, 'metadata.event_payload');
  },

  async 'refusals carry Slack’s words'(b) {
    const post = (args) => b.client.chat.postMessage({channel, text: 'x', ...args});
    await refused('channel_not_found', post({channel: 'C0FINDESIKKE'}));
    await refused('thread_not_found', post({thread_ts: '1700000000.000001'}));
    await refused('no_text', b.client.apiCall('chat.postMessage', {channel}));
    const bad = await refused('invalid_blocks', post({blocks: [{type: 'actions', elements: [{type: 'button', text: {type: 'plain_text', text: 'x'.repeat(76)}}]}]}));
    like(bad.data.response_metadata.messages, [/76|75|elements\/0\/text/]);
    await refused('message_not_found', b.client.chat.update({channel, ts: '1700000000.000001', text: 'x'}));
    await refused('already_reacted', (async () => {
      const {ts} = await post({});
      await b.client.reactions.add({channel, timestamp: ts, name: 'eyes'});
      await b.client.reactions.add({channel, timestamp: ts, name: 'eyes'});
    })());
    const as = (token) => new b.bolt.webApi.WebClient(token, {...b.clientOptions, logLevel: 'error'});
    await refused('invalid_auth', as('xoxb-FORKERT').auth.test());
    await refused('not_allowed_token_type', as(appToken).chat.postMessage({channel, text: 'x'}));
    await refused('unknown_method', b.client.apiCall('chat.findesIkke'));
  },

  async '429 with Retry-After: the client waits and comes again'(b) {
    await b.do('fault', {method: 'users.info', status: 429, times: 1});
    let told = 0;
    b.client.once('rate_limited', (seconds) => { told = seconds; });
    const began = Date.now();
    like(await b.client.users.info({user: bo}), {user: {id: bo}});
    same(told, 1, 'Retry-After');
    if (Date.now() - began < 900) throw new Error('the client did not wait');
  },

  async '503: the client tries again'(b) {
    await b.do('fault', {method: 'bots.info', status: 503, times: 1});
    like(await b.client.bots.info({bot: botID}), {bot: {id: botID}});
    same((await b.do('calls', {method: 'bots.info'})).slice(-2).map((c) => c.Status), [503, 200], 'the two calls');
  },
};
