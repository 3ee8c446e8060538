// Modals: state, errors, update, push, clear, closing.
import {like, refused, same} from '../lib/like.mjs';
import {anna, app, channel, team} from '../lib/bench.mjs';

const plain = (text) => ({type: 'plain_text', text});
const option = (value) => ({text: plain(value), value});
const input = (id, element, more = {}) => ({type: 'input', block_id: id, label: plain(id), element: {action_id: 'felt', ...element}, ...more});
const form = (callback, more = {}) => ({type: 'modal', callback_id: callback, title: plain('Formular'), submit: plain('Send'), close: plain('Luk'), private_metadata: 'svar-1', notify_on_close: true,
  blocks: [input('tekst', {type: 'plain_text_input', multiline: true}), input('valg', {type: 'static_select', options: [option('a'), option('b')]}),
    input('flere', {type: 'checkboxes', options: [option('1'), option('2')]}, {optional: true}), input('en', {type: 'radio_buttons', options: [option('ja'), option('nej')]}),
    {type: 'actions', block_id: 'knapper', elements: [{type: 'button', action_id: 'videre', text: plain('Videre'), value: 'v'}]}], ...more});
const values = {tekst: {felt: 'Fordi æ & ø'}, valg: {felt: 'b'}, flere: {felt: '1,2'}, en: {felt: 'nej'}};
const note = (text) => ({type: 'modal', callback_id: 'note', title: plain('Besked'), blocks: [{type: 'section', text: plain(text)}]});

// open opens a form through a slash command.
async function open(b, view) {
  await b.do('slash', {user: anna, channel, command: '/kilde', text: 'formular'});
  const {ack, command, client} = await b.next('command');
  await ack();
  return (await client.views.open({trigger_id: command.trigger_id, view})).view;
}

const stack = (b, cond) => b.until('views', {user: anna}, (l) => cond(l ?? []));

export const modals = {
  async 'view_submission: the state of every kind of input'(b) {
    const {id} = await open(b, form('f1'));
    await b.do('submit', {user: anna, view: id, values});
    const {body, view, ack} = await b.next('view');
    like(body, {type: 'view_submission', api_app_id: app, token: String, trigger_id: String, team: {id: team, domain: 'demo'}, user: {id: anna, username: 'anna', name: 'anna', team_id: team}, response_urls: [], is_enterprise_install: false});
    like(view, {id, type: 'modal', callback_id: 'f1', private_metadata: 'svar-1', hash: String, title: plain('Formular'), submit: plain('Send'), close: plain('Luk'), root_view_id: id, notify_on_close: true, clear_on_close: false, app_id: app});
    same(view.state.values, {en: {felt: {selected_option: option('nej'), type: 'radio_buttons'}}, flere: {felt: {selected_options: [option('1'), option('2')], type: 'checkboxes'}},
      tekst: {felt: {type: 'plain_text_input', value: 'Fordi æ & ø'}}, valg: {felt: {selected_option: option('b'), type: 'static_select'}}}, 'state');
    await ack();
    await stack(b, (l) => l.length === 0);
  },

  async 'response_action errors, then update, then clear'(b) {
    const {id} = await open(b, form('f2'));
    const submit = async () => {
      await b.do('submit', {user: anna, view: id, values});
      return (await b.next('view')).ack;
    };
    await (await submit())({response_action: 'errors', errors: {tekst: 'Skriv mere.'}});
    await stack(b, (l) => l[0]?.Errors?.tekst === 'Skriv mere.');
    await (await submit())({response_action: 'update', view: form('f2b', {title: plain('Side 2')})});
    await stack(b, (l) => l.length === 1 && l[0].ID === id && l[0].CallbackID === 'f2b');
    await (await submit())({response_action: 'push', view: note('på toppen')});
    const two = await stack(b, (l) => l.length === 2);
    same([two[1].Root, two[1].Previous], [id, id], 'root and previous view');
    await b.do('closeView', {user: anna, view: two[1].ID});
    await (await submit())({response_action: 'clear'});
    await stack(b, (l) => l.length === 0);
  },

  async 'a button in a modal: views.push, views.update, hash_conflict, view_closed'(b) {
    const first = await open(b, form('f3'));
    await b.do('clickView', {user: anna, view: first.id, action: 'videre'});
    const {body, ack} = await b.next('action');
    await ack();
    like(body, {type: 'block_actions', container: {type: 'view', view_id: first.id}, view: {id: first.id, callback_id: 'f3', state: {values: {tekst: {felt: {type: 'plain_text_input', value: null}}}}},
      actions: [{action_id: 'videre', block_id: 'knapper', value: 'v'}], channel: undefined, message: undefined, response_url: undefined});
    const pushed = (await b.call('views.push', {trigger_id: body.trigger_id, view: note('ovenpå')})).view;
    like(pushed, {root_view_id: first.id, previous_view_id: first.id});
    const updated = (await b.call('views.update', {view_id: pushed.id, hash: pushed.hash, view: note('ny tekst')})).view;
    same(updated.id, pushed.id, 'the id after an update');
    await refused('hash_conflict', b.client.views.update({view_id: pushed.id, hash: pushed.hash, view: note('for sent')}));
    await refused('not_found', b.client.views.update({view_id: 'V0INGEN', view: note('ingen')}));
    await b.do('closeView', {user: anna, view: pushed.id});
    await b.do('closeView', {user: anna, view: first.id});
    const closed = await b.next('closed', (_, x) => x.body.view.id === first.id);
    await closed.ack();
    like(closed.body, {type: 'view_closed', is_cleared: false, user: {id: anna}, view: {id: first.id, callback_id: 'f3'}});
  },
};
