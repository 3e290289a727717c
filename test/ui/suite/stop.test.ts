import assert from 'node:assert/strict';
import { startModelServer, type ModelServer } from '../../support/groqServer';
import { useMachineSettings, useVSCode } from '../vscode';

describe('Stop', () => {
  let server: ModelServer;
  before(async () => {
    server = await startModelServer({
      replies: () => ({ text: '<thought>The loop runs over all orders, and inside of it another one does.</thought>', stall: 'mid-stream' }),
    });
    await useMachineSettings({
      'stepwise.model': 'openai-compatible',
      'stepwise.openaiCompatible.baseUrl': server.openaiBaseUrl,
      'stepwise.openaiCompatible.model': 'silent',
    });
  });
  after(async () => {
    await useMachineSettings({});
    await server.close();
  });
  const vscode = useVSCode();

  it('ends a run in the middle of a reply, and the note says so', async () => {
    await vscode().openFile('orders/duplicates.py', 8);
    await vscode().runCommand('Stepwise: Reason About Selection');
    await vscode().quickInputRows().filter({ hasText: 'Explain' }).first().click();
    await vscode().webview('li.step');
    await server.untilStalled();
    await vscode().runCommand('Stepwise: Stop');
    const note = await vscode().waitForNote((text) => /^result: cancelled$/mu.test(text));
    assert.match(note, /duplicates\.py/u);
    await server.untilIdle();
    assert.equal(server.active, 0, 'the connection to the model is closed');
  });
});
