// The agent's features: streams, status lines, suggested prompts, sessions.
import {like, refused, same} from '../lib/like.mjs';
import {anna, channel, team} from '../lib/bench.mjs';

const footer = [{type: 'context', elements: [{type: 'mrkdwn', text: 'Kilder'}]}];

// ask says something in the DM and takes the event.
async function ask(b, text) {
  const dm = await b.do('dm', {user: anna});
  const ts = await b.do('say', {user: anna, channel: dm, text});
  return {dm, ts, event: await b.next('message', (e) => e.ts === ts)};
}

export const agent = {
  async 'stream in a DM: start, append, stop with blocks and metadata'(b) {
    const {dm, ts: thread_ts} = await ask(b, 'strøm');
    const {ts} = await b.call('chat.startStream', {channel: dm, thread_ts, recipient_user_id: anna, recipient_team_id: team, markdown_text: 'Et **svar**'});
    like(await b.message(dm, ts), {Streaming: true, Thread: thread_ts, Recipient: anna});
    same(await b.do('session', {channel: dm, thread: thread_ts}), 'processing', 'the session');
    await b.call('chat.appendStream', {channel: dm, ts, markdown_text: ' med mere'});
    await refused('streaming_state_conflict', b.client.chat.update({channel: dm, ts, text: 'nej'}));
    const reply = await b.call('chat.stopStream', {channel: dm, ts, blocks: footer, metadata: {event_type: 'svar', event_payload: {nr: 'n2'}}});
    like(reply, {ok: true, channel: dm, ts});
    like(await b.message(dm, ts), {Streaming: false, Text: 'Et **svar** med mere', Blocks: [{type: 'markdown', text: 'Et **svar** med mere'}, {type: 'context'}], Metadata: {event_type: 'svar'}});
    same(await b.do('session', {channel: dm, thread: thread_ts}), 'active', 'the session');
    await refused('message_not_in_streaming_state', b.client.chat.appendStream({channel: dm, ts, markdown_text: 'for sent'}));
  },

  async 'sayStream in a channel, with task updates, buffered by the client'(b) {
    const root = await b.do('say', {user: anna, channel, text: '<@U0KILDE> strøm i kanalen'});
    const {sayStream} = await b.next('app_mention', (e) => e.ts === root);
    const stream = sayStream({buffer_size: 16, task_display_mode: 'timeline'});
    await stream.append({chunks: [{type: 'task_update', id: 't1', title: 'Søger', status: 'in_progress'}]});
    for (const piece of ['Første halvdel ', 'og anden ', 'halvdel.']) await stream.append({markdown_text: piece});
    await stream.append({chunks: [{type: 'task_update', id: 't1', title: 'Søgte', status: 'complete'}, {type: 'plan_update', title: 'Færdig'}]});
    const {ts} = await stream.stop({blocks: footer});
    like(await b.message(channel, ts), {Thread: root, Streaming: false, Text: 'Første halvdel og anden halvdel.', Tasks: [{ID: 't1', Title: 'Søgte', Status: 'complete'}], Blocks: [{type: 'markdown'}, {type: 'context'}]});
    await refused('missing_recipient_user_id', b.client.chat.startStream({channel, thread_ts: root, markdown_text: 'uden modtager'}));
  },

  async 'Stop: agent_session_stopped, and the message takes no more'(b) {
    const {dm, ts: thread_ts} = await ask(b, 'stop mig');
    const {ts} = await b.client.chat.startStream({channel: dm, thread_ts, recipient_user_id: anna, recipient_team_id: team, markdown_text: 'Lang'});
    await b.do('stop', {user: anna, channel: dm, thread: thread_ts});
    like((await b.next('agent_session_stopped')).payload, {user: anna, channel: dm, thread_ts, streaming_message_ts: [ts], event_ts: String});
    await refused('stopped_by_user', b.client.chat.appendStream({channel: dm, ts, markdown_text: 'mere'}));
    like(await b.call('agents.sessions.setStatus', {channel_id: dm, thread_ts, status: 'active'}), {ok: true, status: 'active'});
  },

  async 'Stop before anything was streamed: the list of messages is empty'(b) {
    const {dm, ts: thread_ts} = await ask(b, 'stop mig straks');
    await b.call('agents.sessions.setStatus', {channel_id: dm, thread_ts, status: 'processing'});
    await b.do('stop', {user: anna, channel: dm, thread: thread_ts});
    same((await b.next('agent_session_stopped')).payload.streaming_message_ts, [], 'the messages that were stopped');
  },

  async 'status line, title and suggested prompts'(b) {
    const {dm, ts, event} = await ask(b, 'status');
    if (event.setStatus) await event.setStatus({status: 'leder i kilderne …', loading_messages: ['Læser', 'Tjekker']});
    else await b.call('assistant.threads.setStatus', {channel_id: dm, thread_ts: ts, status: 'leder i kilderne …', loading_messages: ['Læser', 'Tjekker']});
    like((await b.do('statuses')).at(-1), {Channel: dm, Thread: ts, Text: 'leder i kilderne …', Loading: ['Læser', 'Tjekker'], Cleared: false});
    await event.say({text: 'svar', thread_ts: ts});
    same((await b.do('statuses')).at(-1).Cleared, true, 'the status after a post');
    await b.call('assistant.threads.setTitle', {channel_id: dm, thread_ts: ts, title: 'Om status'});
    same(await b.do('title', {channel: dm, thread: ts}), 'Om status', 'the title');
    await b.do('openHome', {user: anna, tab: 'messages'});
    const opened = await b.next('app_home_opened', (e) => e.tab === 'messages');
    await b.call('assistant.threads.setSuggestedPrompts', {channel_id: opened.payload.channel, title: 'Prøv', prompts: [{title: 'Ferie', message: 'Hvad er ferie?'}]});
    like(await b.do('prompts', {channel: dm}), {Title: 'Prøv', Prompts: [{title: 'Ferie', message: 'Hvad er ferie?'}]});
  },

  async 'app_context_changed, and app_context in the next message'(b) {
    await b.do('context', {user: anna, channel});
    const {payload, body} = await b.next('app_context_changed');
    const entity = {type: 'slack#/types/channel_id', value: channel, team_id: team};
    like(payload, {type: 'app_context_changed', context: {entities: [entity]}});
    like(body.authorizations, [{}, {user_id: anna, is_bot: false}]);
    like((await ask(b, 'med sammenhæng')).event.payload, {app_context: {entities: [entity]}});
  },
};
