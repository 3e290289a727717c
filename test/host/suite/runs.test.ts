import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createRunner } from '../../../src/app/runner';
import type { RunEvent } from '../../../src/core/events';
import type { ChatModel } from '../../../src/core/model';
import { KeptRuns } from '../../../src/vscode/keptRuns';
import { createLog } from '../../../src/vscode/log';
import type { Models } from '../../../src/vscode/models';
import type { OpenNote, RunParts } from '../../../src/vscode/runs';
import { Runs } from '../../../src/vscode/runs';
import { settingDefaults } from '../../../src/vscode/settings';
import { hang, scriptedModel } from '../../support/scriptedModel';

const request = { task: 'question', question: 'Why?' } as const;

function memento(): Pick<vscode.Memento, 'get' | 'update'> {
  const values = new Map<string, unknown>();
  return {
    get: ((key: string) => values.get(key)),
    update: (key: string, value: unknown) => Promise.resolve(void values.set(key, JSON.parse(JSON.stringify(value)))),
  };
}

function runsWith(model: ChatModel, more: Partial<RunParts> = {}): { readonly runs: Runs; readonly kept: KeptRuns; readonly events: RunEvent[]; readonly warnings: string[] } {
  const kept = new KeptRuns(memento(), 0);
  const warnings: string[] = [];
  const write = (line: string): void => void warnings.push(line);
  const runs = new Runs({
    models: { chosen: () => Promise.resolve(model) } as Models,
    kept,
    log: createLog({ info: () => undefined, warn: write, error: write, show: () => undefined }),
    settings: () => settingDefaults,
    runner: () => Promise.resolve(createRunner((error) => write(String(error)))),
    tools: () => Promise.resolve([]),
    checkAnswer: () => Promise.resolve(undefined),
    openNote: () => Promise.resolve(undefined),
    ...more,
  });
  const events: RunEvent[] = [];
  runs.onDidUpdate(({ event }) => events.push(event));
  return { runs, kept, events, warnings };
}

function firstEvent(runs: Runs, type: RunEvent['type']): Promise<void> {
  return new Promise((resolve) => {
    const registration = runs.onDidUpdate(({ event }) => {
      if (event.type === type) {
        registration.dispose();
        resolve();
      }
    });
  });
}

describe('Runs', () => {
  it('tell every event, and keep the finished run with its note', async () => {
    const seen: string[] = [];
    const uri = vscode.Uri.parse('file:///notes/a.md');
    const note: OpenNote = { sink: ({ type }) => seen.push(type), uri: () => uri, failure: () => undefined, finish: () => Promise.resolve(uri) };
    const { runs, kept, events } = runsWith(scriptedModel(['<thought>Think.</thought><answer>Because.</answer>']), { openNote: () => Promise.resolve(note) });
    const started = await runs.start({ request });
    const finished = await started.done;
    assert.equal(finished.run?.answer, 'Because.');
    assert.equal(finished.note, uri);
    assert.equal(events[0]?.type, 'run-start');
    assert.equal(events.at(-1)?.type, 'run-end');
    assert.deepEqual(seen, events.map(({ type }) => type));
    assert.equal(kept.find(started.handle.runId)?.note, uri.toString());
    assert.equal(runs.noteOf(started.handle.runId)?.toString(), uri.toString());
    assert.equal(runs.latest()?.id, started.handle.runId);
    assert.deepEqual(runs.active(), []);
    runs.dispose();
  });

  it('stop within 100 ms while the model is silent', async () => {
    const model = scriptedModel([[{ type: 'text', text: '<thought>Hm' }, hang]]);
    const { runs } = runsWith(model);
    const thinking = firstEvent(runs, 'thought-delta');
    const started = await runs.start({ request });
    await thinking;
    const begun = performance.now();
    runs.stop();
    const { run } = await started.done;
    assert.ok(performance.now() - begun < 100, `${String(performance.now() - begun)} ms`);
    assert.equal(run?.outcome, 'cancelled');
    assert.equal(run.steps[0]?.thought, 'Hm');
    runs.dispose();
  });

  it('stop while they are still being started', async () => {
    let release: (() => void) | undefined;
    const { runs } = runsWith(scriptedModel(['<answer>Never.</answer>']), {
      tools: () => new Promise((resolve) => {
        release = () => resolve([]);
      }),
    });
    const starting = runs.start({ request });
    await Promise.resolve();
    runs.stop();
    release?.();
    const { run } = await (await starting).done;
    assert.equal(run?.outcome, 'cancelled');
    runs.dispose();
  });

  it('tell a failure as an event, and log it', async () => {
    const { runs, warnings } = runsWith(scriptedModel([]));
    const { run } = await (await runs.start({ request })).done;
    assert.equal(run?.outcome, 'failed');
    assert.ok(run.error !== undefined);
    assert.match(warnings.join('\n'), /ended as failed/);
    runs.dispose();
  });

  it('are stopped when the extension ends', async () => {
    const { runs } = runsWith(scriptedModel([[hang]]));
    const started = await runs.start({ request });
    runs.dispose();
    assert.equal((await started.handle.done)?.outcome, 'cancelled');
  });
});
