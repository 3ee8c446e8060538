// Clicks on what stands in messages, and what may be done to the message then.
import {like, same} from '../lib/like.mjs';
import {anna, app, bo, bot, channel, team} from '../lib/bench.mjs';

const plain = (text) => ({type: 'plain_text', text});
const option = (value) => ({text: plain(value), value});
const blocks = [
  {type: 'section', block_id: 'tekst', text: {type: 'mrkdwn', text: 'Et svar'}, accessory: {type: 'overflow', action_id: 'mere', options: [option('a'), option('b')]}},
  {type: 'actions', block_id: 'knapper', elements: [
    {type: 'button', action_id: 'vis', text: plain('Vis'), value: 'svar-1', style: 'primary'},
    {type: 'static_select', action_id: 'valg', placeholder: plain('Vælg'), options: [option('x'), option('y')]}]},
  {type: 'context_actions', block_id: 'feedback', elements: [
    {type: 'feedback_buttons', action_id: 'bedoem', positive_button: {text: plain('Det hjalp'), value: 'op'}, negative_button: {text: plain('Det hjalp ikke'), value: 'ned'}},
    {type: 'icon_button', action_id: 'slet', icon: 'trash', text: plain('Slet'), value: 'svar-1'}]},
];

// post posts the message to click on.
const post = (b, more = {}) => b.call('chat.postMessage', {channel, text: 'Et svar', blocks, ...more});

export const clicks = {
  async 'button: what block_actions holds'(b) {
    const root = await b.do('say', {user: anna, channel, text: 'rod'});
    const {ts} = await post(b, {thread_ts: root});
    await b.do('click', {user: anna, channel, ts, action: 'vis'});
    const {body, action, ack} = await b.next('action');
    await ack();
    like(body, {type: 'block_actions', api_app_id: app, token: String, trigger_id: String, response_url: /^http/, is_enterprise_install: false, user: {id: anna, username: 'anna', name: 'anna', team_id: team},
      team: {id: team, domain: 'demo'}, channel: {id: channel, name: 'frivillig-viden'}, container: {type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false, thread_ts: root},
      message: {type: 'message', ts, user: bot, text: 'Et svar', thread_ts: root, blocks: [{block_id: 'tekst'}, {block_id: 'knapper'}]},
      state: {values: {knapper: {valg: {type: 'static_select', selected_option: null}}}}});
    like(action, {type: 'button', action_id: 'vis', block_id: 'knapper', value: 'svar-1', action_ts: String, text: plain('Vis')});
    same(body.actions.length, 1, 'actions');
  },

  async 'menu, overflow, feedback and icon buttons'(b) {
    const {ts} = await post(b);
    const use = async (what, args, want) => {
      await b.do(what, {user: anna, channel, ts, ...args});
      const {action, ack} = await b.next('action');
      await ack();
      like(action, want);
    };
    await use('choose', {action: 'valg', value: 'y'}, {type: 'static_select', action_id: 'valg', selected_option: option('y')});
    await use('choose', {action: 'mere', value: 'b'}, {type: 'overflow', action_id: 'mere', block_id: 'tekst', selected_option: option('b')});
    await use('feedback', {value: 'negative'}, {type: 'feedback_buttons', action_id: 'bedoem', block_id: 'feedback', value: 'ned', text: plain('Det hjalp ikke')});
    await use('click', {action: 'slet'}, {type: 'icon_button', action_id: 'slet', value: 'svar-1'});
  },

  async 'respond replaces what was clicked, or speaks to the clicker'(b) {
    const {ts} = await post(b);
    await b.do('click', {user: bo, channel, ts, action: 'vis'});
    const {ack, respond} = await b.next('action');
    await ack();
    await respond({replace_original: true, text: 'afløst', blocks: [{type: 'section', text: plain('afløst')}]});
    await b.message(channel, ts, (m) => m.Text === 'afløst' && m.Edited && m.Blocks.length === 1);
    await respond({replace_original: false, response_type: 'ephemeral', text: 'tak'});
    await b.until('ephemerals', {user: bo}, (l) => l.at(-1)?.Text === 'tak');
  },

  async 'ephemeral message: click, delete_original'(b) {
    const reply = await b.call('chat.postEphemeral', {channel, user: anna, text: 'kun til dig', blocks});
    const ts = reply.message_ts;
    await b.do('click', {user: anna, channel, ts, action: 'vis'});
    const {body, ack, respond} = await b.next('action');
    await ack();
    like(body, {container: {type: 'message', message_ts: ts, is_ephemeral: true}, message: undefined});
    await respond({delete_original: true});
    await b.until('ephemerals', {user: anna}, (l) => !(l ?? []).some((m) => m.TS === ts));
  },

  async 'chat.update and chat.delete'(b) {
    const {ts} = await post(b);
    const reply = await b.call('chat.update', {channel, ts, text: 'ny tekst', blocks: [{type: 'divider'}]});
    like(reply, {ok: true, channel, ts, text: 'ny tekst', message: {user: bot, text: 'ny tekst'}});
    const {payload} = await b.next('message', (e) => e.subtype === 'message_changed' && e.message.ts === ts);
    like(payload, {message: {text: 'ny tekst', bot_id: String, edited: {user: bot}}, previous_message: {text: 'Et svar'}});
    like(await b.call('chat.delete', {channel, ts}), {ok: true, channel, ts});
    await b.next('message', (e) => e.subtype === 'message_deleted' && e.deleted_ts === ts);
  },
};
