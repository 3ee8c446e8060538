// Slash commands, message shortcuts and response URLs.
import {like, refused, same} from '../lib/like.mjs';
import {anna, app, channel, team} from '../lib/bench.mjs';

const last = (list) => list?.at(-1);
const modal = {type: 'modal', callback_id: 'lille', title: {type: 'plain_text', text: 'Lille'}, blocks: [{type: 'section', text: {type: 'plain_text', text: 'Tekst'}}]};

export const commands = {
  async 'slash command, acknowledged with a message'(b) {
    await b.do('slash', {user: anna, channel, command: '/kilde', text: 'hvad er @bo & æøå?'});
    const {command, ack} = await b.next('command');
    like(command, {command: '/kilde', text: 'hvad er <@U0BO> &amp; æøå?', user_id: anna, user_name: 'anna', team_id: team, team_domain: 'demo', channel_id: channel,
      channel_name: 'frivillig-viden', api_app_id: app, token: String, trigger_id: String, response_url: /^http/, is_enterprise_install: 'false'});
    await ack({text: 'kun til dig', response_type: 'ephemeral'});
    like(last(await b.until('ephemerals', {user: anna}, (l) => last(l)?.Text === 'kun til dig')), {For: anna, Channel: channel});
  },

  async 'slash command, acknowledged with plain text'(b) {
    await b.do('slash', {user: anna, channel, command: '/kilde', text: ''});
    const {ack} = await b.next('command');
    await ack('ren tekst');
    await b.until('ephemerals', {user: anna}, (l) => last(l)?.Text === 'ren tekst');
  },

  async 'response_url: ephemeral, in the channel, five times and no more'(b) {
    await b.do('slash', {user: anna, channel, command: '/kilde', text: 'svar senere'});
    const {ack, respond} = await b.next('command');
    await ack();
    await respond('til dig alene');
    await b.until('ephemerals', {user: anna}, (l) => last(l)?.Text === 'til dig alene');
    await respond({response_type: 'in_channel', text: 'til alle', blocks: [{type: 'section', text: {type: 'mrkdwn', text: '*til alle*'}}]});
    await b.until('messages', {channel}, (l) => l.some((m) => m.Text === 'til alle' && m.Bot));
    for (let i = 0; i < 3; i++) await respond(`nr. ${i}`);
    let sixth = null;
    try { await respond('nr. 6'); } catch (err) { sixth = err; }
    if (!sixth) throw new Error('a sixth use of the response_url went well');
  },

  async 'slash command opens a modal; a trigger is good once'(b) {
    await b.do('slash', {user: anna, channel, command: '/kilde', text: 'vindue'});
    const {ack, command} = await b.next('command');
    await ack();
    const reply = await b.call('views.open', {trigger_id: command.trigger_id, view: modal});
    like(reply.view, {id: /^V/, type: 'modal', callback_id: 'lille', hash: String, root_view_id: reply.view.id, previous_view_id: null, app_id: app, team_id: team, state: {values: {}}});
    await refused('exchanged_trigger_id', b.client.views.open({trigger_id: command.trigger_id, view: modal}));
    await refused('invalid_trigger_id', b.client.views.open({trigger_id: '1.2.abc', view: modal}));
    await b.do('closeView', {user: anna, view: reply.view.id});
    same(await b.do('views', {user: anna}), null, 'open modals');
  },

  async 'message shortcut'(b) {
    const ts = await b.do('say', {user: anna, channel, text: 'besvar mig'});
    await b.do('shortcut', {user: anna, channel, ts, callback: 'besvar_besked'});
    const {shortcut, ack, respond, client} = await b.next('shortcut');
    like(shortcut, {type: 'message_action', callback_id: 'besvar_besked', message_ts: ts, message: {type: 'message', ts, text: 'besvar mig', user: anna}, channel: {id: channel, name: 'frivillig-viden'},
      user: {id: anna, name: 'anna', username: 'anna', team_id: team}, team: {id: team, domain: 'demo'}, action_ts: String, token: String, trigger_id: String, response_url: /^http/, is_enterprise_install: false});
    await ack();
    await respond({text: 'et øjeblik'});
    const reply = await client.views.open({trigger_id: shortcut.trigger_id, view: modal});
    await b.do('closeView', {user: anna, view: reply.view.id});
  },
};
