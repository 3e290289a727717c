import { afterEach, describe, expect, it } from 'vitest';
import { PlaybookStore } from '../../../src/app/playbookStore';
import type { TestGateway } from '../../support/gateway';
import { startTestGateway } from '../../support/gateway';
import { sampleTool } from '../../support/loopRuns';
import { scriptedModel } from '../../support/scriptedModel';

const act = '<thought>Look.</thought><action name="look">{"path": "a"}</action>';
const answer = '<thought>Done.</thought><answer>It is linear.</answer>';
const proposal = '{"operations": [{"type": "add", "text": "Look at src/ first.", "reason": "The first call failed."}]}';
const messages = [{ role: 'user', content: 'How fast is it?' }];

let gateway: TestGateway | undefined;

afterEach(async () => {
  await gateway?.close();
  gateway = undefined;
});

function memoryPlaybook(text = ''): { store: PlaybookStore; text: () => string } {
  let current = text;
  const write = (next: string): Promise<void> => {
    current = next;
    return Promise.resolve();
  };
  return { store: new PlaybookStore({ read: () => Promise.resolve(current), write }), text: () => current };
}

async function post(path: string, json: unknown): Promise<unknown> {
  const response = await gateway!.request(path, { json });
  expect(response.status).toBe(200);
  return await response.json();
}

describe('lessons', () => {
  it('are proposed from the runs of a session, kept only after a yes, and given to later runs', async () => {
    const model = scriptedModel([act, answer, proposal, answer]);
    const playbook = memoryPlaybook();
    gateway = await startTestGateway(model, {
      tools: [sampleTool('look', () => ({ text: 'Nothing there.', isError: true }))],
      parts: { playbook: playbook.store },
    });
    await post('/v1/chat/completions', { messages, session_id: 's1', selfThinking: { enabled: true } });
    const { proposals } = (await post('/v1/chat/sessions/s1/lessons', {})) as { proposals: { operation: unknown; reason: string }[] };
    expect(model.requests[2]?.messages.at(-1)?.content).toContain('Nothing there.');
    expect(proposals).toEqual([{ operation: { type: 'add', text: 'Look at src/ first.' }, reason: 'The first call failed.' }]);
    expect(playbook.text()).toBe('');
    expect(await (await gateway.request('/v1/chat/sessions/s1')).json()).toMatchObject({ reflectionCount: 1 });

    const accepted = (await post('/v1/playbook', { operations: proposals.map(({ operation }) => operation) })) as { entries: { id: string }[] };
    const id = accepted.entries[0]?.id ?? '';
    expect(playbook.text()).toContain(`- [${id}] (helped 0, hurt 0) Look at src/ first.`);

    await post('/v1/chat/completions', { messages, selfThinking: { enabled: true } });
    expect(model.requests[3]?.messages[0]?.content).toContain(`- [${id}] Look at src/ first.`);

    expect(await post(`/v1/playbook/${id}/feedback`, { outcome: 'helped' })).toMatchObject({ entry: { id, helped: 1, hurt: 0 } });
    expect(await (await gateway.request('/v1/playbook')).json()).toEqual({ entries: [{ id, text: 'Look at src/ first.', helped: 1, hurt: 0 }] });
  });

  it('are refused where session, entry, operation or playbook are not there', async () => {
    gateway = await startTestGateway(scriptedModel([]), { parts: { playbook: memoryPlaybook().store } });
    expect((await gateway.request('/v1/chat/sessions/none/lessons', { json: {} })).status).toBe(404);
    expect((await gateway.request('/v1/playbook/none/feedback', { json: { outcome: 'hurt' } })).status).toBe(404);
    expect((await gateway.request('/v1/playbook', { json: { operations: [{ type: 'delete', id: 'x' }] } })).status).toBe(400);
    expect(await post('/v1/playbook', { operations: [{ type: 'update', id: 'none', text: 'x' }] })).toMatchObject({
      outcomes: [{ applied: false, reason: 'There is no entry none.' }], entries: [],
    });
    await gateway.close();
    gateway = await startTestGateway(scriptedModel([]));
    expect((await gateway.request('/v1/playbook')).status).toBe(404);
  });
});
