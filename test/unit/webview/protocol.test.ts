import { describe, expect, it } from 'vitest';
import { isFromPanel, isToPanel } from '../../../src/webview/protocol';

const request = (content: unknown): unknown => ({ type: 'request', id: 1, request: content });

describe('isFromPanel', () => {
  it.each([
    { type: 'ready' },
    { type: 'ready', runId: 'a' },
    request({ type: 'stop', runId: 'a' }),
    request({ type: 'pause', runId: 'a', paused: true }),
    request({ type: 'open-source', path: 'a.py' }),
    request({ type: 'open-source', path: 'a.py', range: { startLine: 1, endLine: 2 } }),
    request({ type: 'follow-up', runId: 'a', text: 'Why?' }),
    request({ type: 'fork', runId: 'a', step: 2, otherModel: false, edited: { thought: 'x', observations: ['y'] } }),
    request({ type: 'ask', about: 'selection' }),
    request({ type: 'choose-model' }),
    request({ type: 'remedy', runId: 'a', remedy: 'set-key' }),
    request({ type: 'copy', text: '' }),
    request({ type: 'export', runId: 'a', format: 'json' }),
    request({ type: 'check-citations', references: [{ path: 'a.py', range: { startLine: 3, endLine: 3 } }] }),
  ])('takes %j', (message) => {
    expect(isFromPanel(message)).toBe(true);
  });

  it.each([
    null,
    'ready',
    [],
    {},
    { type: 'ready', runId: 5 },
    { type: 'request', id: 1 },
    { type: 'request', id: '1', request: { type: 'choose-model' } },
    { type: 'request', id: 0.5, request: { type: 'choose-model' } },
    request({ type: 'run-command', command: 'x' }),
    request({ type: 'stop' }),
    request({ type: 'open-source', path: 'a.py', range: { startLine: 0, endLine: 2 } }),
    request({ type: 'open-source', path: 5 }),
    request({ type: 'follow-up', runId: 'a', text: '  ' }),
    request({ type: 'fork', runId: 'a', step: 2, otherModel: false, edited: { thought: 'x', observations: [1] } }),
    request({ type: 'remedy', runId: 'a', remedy: 'format-disk' }),
    request({ type: 'copy', text: 'x'.repeat(2_000_001) }),
    request({ type: 'export', runId: 'a', format: 'pdf' }),
    request({ type: 'check-citations', references: [{ path: 'a.py' }, {}] }),
  ])('refuses %j', (message) => {
    expect(isFromPanel(message)).toBe(false);
  });
});

describe('isToPanel', () => {
  it('knows the messages of the host', () => {
    expect(isToPanel({ type: 'events', runId: 'a', events: [] })).toBe(true);
    expect(isToPanel({ type: 'webpackOk' })).toBe(false);
    expect(isToPanel(undefined)).toBe(false);
  });
});
