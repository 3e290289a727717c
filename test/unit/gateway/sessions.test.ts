import { appendFile, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Trajectory } from '../../../src/app/trajectory';
import { SessionStore } from '../../../src/app/sessions';
import { createSessionFiles } from '../../../src/node/sessionFiles';
import type { TestGateway } from '../../support/gateway';
import { startTestGateway } from '../../support/gateway';
import { sampleTool } from '../../support/loopRuns';
import { scriptedModel } from '../../support/scriptedModel';

const act = '<thought>Look.</thought><action name="look">{"path": "a"}</action>';
const answer = '<thought>One loop.</thought><answer>It is linear.</answer>';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stepwise-sessions-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

function trajectory(requestId: string, result = 'Done.'): Trajectory {
  return { requestId, task: 'question', input: 'Why?', steps: [], result, outcome: 'answered', startedAt: 1, durationMs: 2 };
}

describe('SessionStore', () => {
  it('keeps sessions across restarts and marks a run that was cut off', async () => {
    const first = new SessionStore(createSessionFiles(folder));
    await first.beginRun('s1', 'r1', 'question', 'Why?');
    await first.endRun('s1', trajectory('r1'));
    await first.beginRun('s1', 'r2', 'question', 'And then?');
    const second = new SessionStore(createSessionFiles(folder));
    expect((await second.messages('s1'))?.map((message) => message.content)).toEqual(['Why?', 'Done.', 'And then?']);
    expect((await second.trajectories('s1'))?.map((each) => [each.requestId, each.outcome])).toEqual([
      ['r1', 'answered'],
      ['r2', 'interrupted'],
    ]);
    expect(await second.find('s1')).toMatchObject({ status: 'active', activeGoals: [], metadata: { messageCount: 3, runCount: 2 } });
  });

  it('passes over a line that a crash cut off, and loses nothing that is written after it', async () => {
    const first = new SessionStore(createSessionFiles(folder));
    await first.beginRun('s1', 'r1', 'question', 'Why?');
    await appendFile(join(folder, 's1.jsonl'), '{"type":"run-end","at":5,"traj');
    const second = new SessionStore(createSessionFiles(folder));
    await second.beginRun('s1', 'r2', 'question', 'Again?');
    const third = new SessionStore(createSessionFiles(folder));
    expect((await third.messages('s1'))?.map((message) => message.content)).toEqual(['Why?', 'Again?']);
  });

  it('is bounded in number and age, the least recently used going first', async () => {
    let now = 1000;
    const store = new SessionStore(createSessionFiles(folder), { mostSessions: 2, longestAgeMs: 500 }, () => now);
    for (const id of ['a', 'b', 'c']) {
      now += 10;
      await store.beginRun(id, `run-${id}`, 'question', 'Why?');
    }
    expect((await store.active(-1)).map((session) => session.sessionId)).toEqual(['c', 'b']);
    now += 1000;
    await store.beginRun('d', 'run-d', 'question', 'Why?');
    expect((await store.active(-1)).map((session) => session.sessionId)).toEqual(['d']);
    expect(await readdir(folder)).toEqual(['d.jsonl']);
  });

  it('keeps the newest runs of a long session, also in its file', async () => {
    const files = createSessionFiles(folder);
    const store = new SessionStore(files, { mostRuns: 2 });
    for (const id of ['r1', 'r2', 'r3']) {
      await store.beginRun('s1', id, 'question', `Why ${id}?`);
      await store.endRun('s1', trajectory(id));
    }
    const kept = async (from: SessionStore): Promise<unknown> => [
      (await from.trajectories('s1'))?.map(({ requestId }) => requestId),
      (await from.messages('s1'))?.map(({ requestId }) => requestId),
    ];
    const expected = [['r2', 'r3'], ['r2', 'r2', 'r3', 'r3']];
    expect(await kept(store)).toEqual(expected);
    const again = new SessionStore(files, { mostRuns: 2 });
    expect(await kept(again)).toEqual(expected);
    expect(await files.read('s1')).not.toContain('r1');
    expect(await again.find('s1')).toMatchObject({ metadata: { runCount: 2 } });
    expect(await readdir(folder)).toEqual(['s1.jsonl']);
  });

  it('lists by the cutoff, with -1 for every session that has messages', async () => {
    let now = 1000;
    const store = new SessionStore(createSessionFiles(folder), undefined, () => now);
    await store.beginRun('old', 'r1', 'question', 'Why?');
    now = 5000;
    await store.beginRun('new', 'r2', 'question', 'Why?');
    expect((await store.active(4000)).map((session) => session.sessionId)).toEqual(['new']);
    expect((await store.active(-1)).map((session) => session.sessionId)).toEqual(['new', 'old']);
  });
});

describe('session routes', () => {
  let gateway: TestGateway;

  beforeEach(async () => {
    gateway = await startTestGateway(scriptedModel([act, answer]), {
      tools: [sampleTool('look', () => ({ text: 'code' }))],
      sessionFolder: folder,
    });
  });

  afterEach(async () => {
    await gateway.close();
  });

  it('show a conversation, its messages page by page and the trajectory of its run', async () => {
    await gateway.request('/v1/chat/completions', {
      json: { messages: [{ role: 'user', content: 'How fast?' }], session_id: 'my/session', selfThinking: { enabled: true } },
    });
    const list = (await (await gateway.request('/v1/chat/sessions/active')).json()) as { total: number; sessions: { sessionId: string }[] };
    expect(list.total).toBe(1);
    const id = list.sessions[0]?.sessionId ?? '';
    expect(id).toBe('my_session');
    expect(await (await gateway.request(`/v1/chat/sessions/${id}`)).json()).toMatchObject({ sessionId: id, status: 'active' });
    const page = await gateway.request(`/v1/chat/sessions/${id}/messages?limit=1&offset=1`);
    expect(await page.json()).toMatchObject({ total: 2, messages: [{ role: 'assistant', content: 'It is linear.' }] });
    const history = (await (await gateway.request(`/v1/chat/sessions/${id}/history`)).json()) as { trajectories: Trajectory[] };
    expect(history.trajectories[0]).toMatchObject({
      task: 'question',
      input: 'How fast?',
      outcome: 'answered',
      steps: [{ thought: 'Look.', actions: [{ tool: 'look', output: 'code', isError: false }] }, { thought: 'One loop.', actions: [] }],
    });
    expect((await gateway.request(`/v1/chat/sessions/${id}`, { method: 'DELETE' })).status).toBe(200);
    expect((await gateway.request(`/v1/chat/sessions/${id}`)).status).toBe(404);
    expect(await readdir(folder)).toEqual([]);
  });

  it('turn a cutoff away that is no time', async () => {
    expect((await gateway.request('/v1/chat/sessions/active?cutoffTime=soon')).status).toBe(400);
    const all = (await (await gateway.request('/v1/chat/sessions/active?cutoffTime=-1')).json()) as { cutoffTime: number };
    expect(all.cutoffTime).toBe(-1);
  });
});
