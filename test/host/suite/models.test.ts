import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const quadratic = ['def pairs(xs):', '    for a in xs:', '        for b in xs:', '            print(a, b)'].join('\n');

async function ask(model: vscode.LanguageModelChat, text: string): Promise<string> {
  const response = await model.sendRequest([vscode.LanguageModelChatMessage.User(text)]);
  let answer = '';
  for await (const part of response.text) {
    answer += part;
  }
  return answer;
}

describe('The models that Stepwise gives to VS Code', () => {
  it('are there without a key and without Copilot', async () => {
    const models = await vscode.lm.selectChatModels({ vendor: 'stepwise' });
    assert.ok(models.some(({ id }) => id === 'built-in'), models.map(({ id }) => id).join());
    assert.ok(models.every(({ maxInputTokens }) => maxInputTokens > 1000));
  });

  it('answer a plain prompt of any extension: the analyzer about the code in it', async () => {
    const [model] = await vscode.lm.selectChatModels({ vendor: 'stepwise', id: 'built-in' });
    assert.ok(model);
    const answer = await ask(model, `What is the time complexity of this?\n\n\`\`\`python\n${quadratic}\n\`\`\``);
    assert.match(answer, /O\(/);
    assert.match(answer, /²|\^2|\^\{2\}|n\s*\*\s*n/);
    assert.ok(!answer.includes('<answer>'), 'no trace of the protocol');
  });

  it('say what they need where a prompt has no code', async () => {
    const [model] = await vscode.lm.selectChatModels({ vendor: 'stepwise', id: 'built-in' });
    assert.ok(model);
    assert.ok((await ask(model, 'Tell me a joke.')).length > 20);
  });

  it('count tokens', async () => {
    const [model] = await vscode.lm.selectChatModels({ vendor: 'stepwise', id: 'built-in' });
    const count = await model?.countTokens('one two three four five six seven eight');
    assert.ok(count !== undefined && count >= 5 && count <= 20, String(count));
  });
});
