import { describe, expect, it } from 'vitest';
import { helpText, readCommandLine } from '../../../src/gateway/commandLine';
import { modelSource } from '../../../src/gateway/serverModels';
import { stateFolder, workspaceKey } from '../../../src/node/stateFolder';

describe('readCommandLine', () => {
  it('has defaults', () => {
    expect(readCommandLine([])).toEqual({ workspace: '.', port: 4319, allowedOrigins: [], notes: true, printToken: false, help: false });
  });

  it('reads every option', () => {
    const args = ['--workspace', 'w', '--port=0', '--model', 'm', '--base-url', 'http://localhost:1/v1', '--tools', 't.json', '--allow-origin', 'https://a.example', '--allow-origin', 'http://localhost:5173', '--state', 's', '--no-notes', '--print-token'];
    expect(readCommandLine(args)).toEqual({
      workspace: 'w', port: 0, model: 'm', baseUrl: 'http://localhost:1/v1', tools: 't.json', allowedOrigins: ['https://a.example', 'http://localhost:5173'],
      state: 's', notes: false, printToken: true, help: false,
    });
  });

  it.each([
    [['--port', 'many'], '--port takes a number'],
    [['--port', '70000'], '--port takes a number'],
    [['--base-url', 'ftp://x'], '--base-url takes an address'],
    [['--allow-origin', 'app.example'], '--allow-origin takes an origin'],
    [['--allow-origin', 'https://app.example/page'], '--allow-origin takes an origin'],
    [['--allow-origin', '*'], '--allow-origin takes an origin'],
    [['--unknown'], '--unknown'],
    [['folder'], 'folder'],
  ])('says what is wrong with %j', (args, message) => {
    expect(readCommandLine(args)).toContain(message);
  });

  it('tells of every option in its help', () => {
    for (const name of ['workspace', 'port', 'model', 'base-url', 'tools', 'allow-origin', 'no-notes', 'state', 'print-token']) {
      expect(helpText()).toContain(`--${name}`);
    }
  });
});

describe('modelSource', () => {
  it('is the server that was named, else Groq where there is a key, else none', () => {
    const environment = { GROQ_API_KEY: 'g', STEPWISE_API_KEY: ' s ', OPENAI_API_KEY: 'o' };
    expect(modelSource({ environment })).toEqual({ vendor: 'groq', key: 'g' });
    expect(modelSource({ environment: { GROQ_API_KEY: ' ' } })).toBeUndefined();
    expect(modelSource({ environment, baseUrl: 'http://localhost:1/v1' })).toEqual({ vendor: 'openai-compatible', baseUrl: 'http://localhost:1/v1', key: 's' });
  });

  it("sends OpenAI's key to OpenAI alone", () => {
    const environment = { OPENAI_API_KEY: 'o' };
    expect(modelSource({ environment, baseUrl: 'https://api.openai.com/v1' })).toMatchObject({ key: 'o' });
    expect(modelSource({ environment, baseUrl: 'https://api.openai.com.evil.example/v1' })).not.toHaveProperty('key');
  });
});

describe('stateFolder', () => {
  it('follows the customs of each system', () => {
    expect(stateFolder({}, 'linux', '/home/a')).toBe('/home/a/.local/state/stepwise');
    expect(stateFolder({ XDG_STATE_HOME: '/s' }, 'linux', '/home/a')).toBe('/s/stepwise');
    expect(stateFolder({ XDG_STATE_HOME: 'relative' }, 'linux', '/home/a')).toBe('/home/a/.local/state/stepwise');
    expect(stateFolder({}, 'darwin', '/Users/a')).toBe('/Users/a/Library/Application Support/stepwise');
  });

  it('tells workspaces of the same name apart', () => {
    expect(workspaceKey('/a/my shop')).toMatch(/^my_shop-[0-9a-f]{12}$/);
    expect(workspaceKey('/a/shop')).not.toBe(workspaceKey('/b/shop'));
  });
});
