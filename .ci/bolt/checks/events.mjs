// Events: what people do arrives as Slack tells it, and the app's own posts come back.
import {like, same} from '../lib/like.mjs';
import {anna, app, bo, bot, botID, channel, team} from '../lib/bench.mjs';

export const events = {
  async 'app_mention and the message of the same post'(b) {
    const ts = await b.do('say', {user: anna, channel, text: '@kildesvar Er 1 < 2 & 3 > 2? https://eksempel.dk'});
    const text = `<@${bot}> Er 1 &lt; 2 &amp; 3 &gt; 2? <https://eksempel.dk>`;
    const of = (e) => e.ts === ts;
    const [mention, message] = await Promise.all([b.next('app_mention', of), b.next('message', of)]);
    for (const x of [mention, message]) {
      like(x.body, {type: 'event_callback', token: String, team_id: team, api_app_id: app, event_id: /^Ev/, event_time: Number, event_context: String,
        authorizations: [{user_id: bot, team_id: team, is_bot: true}]});
      like(x.payload, {user: anna, channel, ts, event_ts: ts, text, thread_ts: undefined, subtype: undefined, bot_id: undefined, blocks: [{type: 'rich_text', block_id: String}]});
      like(x.context, {teamId: team, botUserId: bot, botId: botID, userId: anna});
    }
    same(message.payload.channel_type, 'channel');
    if (mention.body.event_id === message.body.event_id) throw new Error('both events have one id');
  },

  async 'say in the thread with blocks; the own post comes back as an event'(b) {
    const root = await b.do('say', {user: anna, channel, text: '<@U0KILDE> hvad er samskabelse?'});
    const {say} = await b.next('app_mention', (e) => e.ts === root);
    const blocks = [{type: 'section', text: {type: 'mrkdwn', text: 'Et *svar* med <https://eksempel.dk|kilde>'}}, {type: 'markdown', text: 'Og **fed** [1](https://eksempel.dk)'}];
    const reply = await say({text: 'Et svar', blocks, thread_ts: root, unfurl_links: false, metadata: {event_type: 'svar', event_payload: {nr: 'n1'}}});
    b.replies.push({method: 'chat.postMessage', reply});
    like(reply, {ok: true, channel, ts: /^\d+\.\d{6}$/, message: {type: 'message', user: bot, bot_id: botID, app_id: app, thread_ts: root, text: 'Et svar',
      blocks: [{type: 'section', block_id: String}, {type: 'markdown'}], bot_profile: {id: botID, app_id: app}}});
    like(await b.message(channel, reply.ts), {Thread: root, Bot: true, Unfurl: false, Text: 'Et svar', Blocks: [{type: 'section', text: {text: blocks[0].text.text}}, {type: 'markdown'}]});
    const own = await b.next('message', (e) => e.ts === reply.ts);
    like(own.payload, {user: bot, bot_id: own.context.botId, thread_ts: root, parent_user_id: anna, channel_type: 'channel'});
  },

  async 'a reply in the thread; thread_ts is the root’s and a string'(b) {
    const root = await b.do('say', {user: anna, channel, text: 'en tråd'});
    const ts = await b.do('say', {user: bo, channel, text: 'et svar fra Bo', thread: root});
    const {payload} = await b.next('message', (e) => e.ts === ts);
    like(payload, {user: bo, thread_ts: root, parent_user_id: anna, text: 'et svar fra Bo'});
    same(b.count((x) => x.payload.type === 'app_mention' && x.payload.ts === ts), 0, 'mentions');
  },

  async 'message.im, answered with say'(b) {
    const dm = await b.do('dm', {user: anna});
    const ts = await b.do('say', {user: anna, channel: dm, text: 'hej'});
    const {payload, say} = await b.next('message', (e) => e.ts === ts);
    like(payload, {channel: dm, channel_type: 'im', user: anna, text: 'hej', client_msg_id: String});
    const reply = await say('hej selv');
    like(await b.message(dm, reply.ts), {Text: 'hej selv', Bot: true});
  },

  async 'message_changed, message_deleted, tombstone'(b) {
    const ts = await b.do('say', {user: anna, channel, text: 'foer'});
    await b.do('edit', {user: anna, channel, ts, text: 'efter'});
    const changed = await b.next('message', (e) => e.subtype === 'message_changed' && e.message.ts === ts);
    like(changed.payload, {hidden: true, channel, message: {text: 'efter', user: anna, edited: {user: anna, ts: String}}, previous_message: {text: 'foer', ts}});
    await b.do('delete', {user: anna, channel, ts});
    const deleted = await b.next('message', (e) => e.subtype === 'message_deleted' && e.deleted_ts === ts);
    like(deleted.payload, {hidden: true, channel, previous_message: {ts, text: 'efter'}});
    const root = await b.do('say', {user: anna, channel, text: 'rod'});
    await b.do('say', {user: bo, channel, text: 'svar', thread: root});
    await b.do('delete', {user: anna, channel, ts: root});
    const stone = await b.next('message', (e) => e.subtype === 'message_changed' && e.message.ts === root);
    same(stone.payload.message.subtype, 'tombstone');
  },

  async 'reaction_added and reaction_removed'(b) {
    const ts = await b.do('say', {user: anna, channel, text: 'reager'});
    await b.do('react', {user: bo, channel, ts, text: 'eyes'});
    like((await b.next('reaction_added', (e) => e.item.ts === ts)).payload, {user: bo, reaction: 'eyes', item_user: anna, item: {type: 'message', channel, ts}});
    await b.call('reactions.add', {channel, timestamp: ts, name: 'sos'});
    await b.next('reaction_added', (e) => e.item.ts === ts && e.user === bot);
    await b.call('reactions.remove', {channel, timestamp: ts, name: 'sos'});
    like((await b.next('reaction_removed', (e) => e.item.ts === ts)).payload, {user: bot, reaction: 'sos'});
  },

  async 'member_joined_channel'(b) {
    await b.do('addChannel', {channel: 'C0NY', text: 'ny', user: anna});
    await b.do('join', {channel: 'C0NY', user: anna});
    like((await b.next('member_joined_channel')).payload, {user: bot, channel: 'C0NY', channel_type: 'C', team, inviter: anna});
  },

  async 'app_home_opened and views.publish'(b) {
    await b.do('openHome', {user: anna, tab: 'home'});
    const {payload, client} = await b.next('app_home_opened', (e) => e.tab === 'home');
    like(payload, {user: anna, channel: /^D/, event_ts: String, view: undefined});
    const view = {type: 'home', blocks: [{type: 'header', text: {type: 'plain_text', text: 'Hjem'}}]};
    const reply = await client.views.publish({user_id: anna, view});
    b.replies.push({method: 'views.publish', reply});
    like(reply.view, {type: 'home', id: /^V/, hash: String, app_id: app});
    like(await b.do('home', {user: anna}), {Blocks: [{type: 'header', text: {text: 'Hjem'}}]});
    await b.do('openHome', {user: anna, tab: 'home'});
    same((await b.next('app_home_opened', (e) => e.view)).payload.view.id, reply.view.id, 'the view in the event');
  },
};
