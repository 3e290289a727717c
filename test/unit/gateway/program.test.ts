import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Trajectory } from '../../../src/app/trajectory';
import type { GatewayProcess, ReplyServer } from '../../support/gatewayProgram';
import { bundleGatewayProgram, runGatewayProgram, startGatewayProgram, startReplies } from '../../support/gatewayProgram';

const answer = '<thought>One loop.</thought><answer>It is linear.</answer>';
const body = { messages: [{ role: 'user', content: 'How fast is it?' }], selfThinking: { enabled: true } };

let program: string;
let folder: string;
let replies: ReplyServer | undefined;
const running: GatewayProcess[] = [];

beforeAll(async () => {
  program = await bundleGatewayProgram();
}, 60_000);

afterAll(async () => {
  await rm(program, { force: true });
});

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stepwise-program-'));
});

afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
  await replies?.close();
  replies = undefined;
  await rm(folder, { recursive: true, force: true });
});

function basics(): string[] {
  return ['--workspace', folder, '--port', '0', '--state', path.join(folder, 'state')];
}

async function start(args: readonly string[] = [], environment: Record<string, string> = {}): Promise<GatewayProcess> {
  const started = await startGatewayProgram(program, [...basics(), ...args], environment);
  running.push(started);
  return started;
}

async function token(): Promise<string> {
  return (await readFile(path.join(folder, 'state', 'gateway-token'), 'utf8')).trim();
}

async function request(gateway: GatewayProcess, route: string, json?: unknown): Promise<Response> {
  return await fetch(`${gateway.baseUrl}${route}`, {
    ...(json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) }),
    headers: { authorization: `Bearer ${await token()}`, 'content-type': 'application/json' },
  });
}

async function outcomes(gateway: GatewayProcess, session: string): Promise<string[]> {
  const history = (await (await request(gateway, `/chat/sessions/${session}/history`)).json()) as { trajectories: Trajectory[] };
  return history.trajectories.map((trajectory) => trajectory.outcome);
}

describe('the program', () => {
  it('tells where it listens and where the token is, but not the token', async () => {
    const gateway = await start();
    const text = gateway.output();
    expect(text).toContain(path.join(folder, 'state', 'gateway-token'));
    expect(text).not.toContain(await token());
    if (process.platform !== 'win32') {
      expect((await stat(path.join(folder, 'state', 'gateway-token'))).mode & 0o777).toBe(0o600);
    }
    const printed = runGatewayProgram(program, [...basics(), '--print-token']);
    expect(await printed.ended).toEqual({ code: 0, signal: null });
    expect(printed.output().trim()).toBe(await token());
  });

  it('answers with the built-in analyzer where no server is set up, and writes a note', async () => {
    const gateway = await start();
    const response = await request(gateway, '/chat/completions', {
      messages: [{ role: 'user', content: '请帮我分析这个算法的时间复杂度：for(i=0;i<n;i++) for(j=i;j<n;j++) sum += arr[j];' }],
      model: 'gpt-4',
      selfThinking: { enabled: true, maxIterations: 3 },
    });
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    expect(choices[0]?.message.content).toMatch(/最终答案: [\s\S]*O\(n²\)/);
    gateway.child.kill('SIGTERM');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    const notes = (await readdir(path.join(folder, '.reasoning'))).filter((name) => name.endsWith('.md'));
    expect(notes).toHaveLength(1);
    expect(await readFile(path.join(folder, '.reasoning', notes[0]!), 'utf8')).toContain('O(n²)');
  });

  it('analyses a file that a question names', async () => {
    await writeFile(path.join(folder, 'pairs.py'), 'def pairs(xs):\n    for x in xs:\n        for y in xs:\n            print(x, y)\n');
    const gateway = await start(['--no-notes']);
    const response = await request(gateway, '/chat/completions', {
      messages: [{ role: 'user', content: 'What is the time complexity of pairs.py?' }],
      selfThinking: { enabled: true, includeThoughtsInResponse: false },
    });
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    expect(choices[0]?.message.content).toMatch(/Time: O\([^)]*\)?²\)/);
  });

  it('asks the server of --base-url with the key of its own variable', async () => {
    replies = await startReplies([answer]);
    const gateway = await start(['--base-url', replies.baseUrl, '--no-notes'], { STEPWISE_API_KEY: 'key-for-this-server', OPENAI_API_KEY: 'not-for-it', GROQ_API_KEY: 'nor-this' });
    expect((await request(gateway, '/chat/completions', body)).status).toBe(200);
    expect(replies.authorization()).toBe('Bearer key-for-this-server');
    const models = (await (await request(gateway, '/models')).json()) as { data: { id: string; owned_by: string }[] };
    expect(models.data.map((model) => model.owned_by)).toEqual(['openai-compatible', 'built-in']);
    await expect(readdir(path.join(folder, '.reasoning'))).rejects.toThrow('ENOENT');
  });

  it('carries out the tools of a file', async () => {
    const tools = [{ name: 'echo', description: 'Echoes.', parameters: { type: 'object' }, command: [process.execPath, '--eval', 'process.stdin.pipe(process.stdout)'] }];
    await writeFile(path.join(folder, 'tools.json'), JSON.stringify(tools));
    replies = await startReplies(['<action name="echo">{"word": "hello"}</action>', answer]);
    const gateway = await start(['--base-url', replies.baseUrl, '--tools', path.join(folder, 'tools.json')]);
    await request(gateway, '/chat/completions', { ...body, session_id: 's1' });
    const history = (await (await request(gateway, '/chat/sessions/s1/history')).json()) as { trajectories: Trajectory[] };
    expect(history.trajectories[0]?.steps[0]?.actions).toEqual([{ tool: 'echo', args: { word: 'hello' }, output: '{"word":"hello"}', isError: false }]);
  });

  it('keeps every finished run and marks the broken one when it is killed in mid-run', async () => {
    replies = await startReplies([answer, answer, undefined, undefined, answer]);
    const args = ['--base-url', replies.baseUrl, '--no-notes'];
    const first = await start(args);
    for (const session of ['s1', 's2']) {
      expect((await request(first, '/chat/completions', { ...body, session_id: session })).status).toBe(200);
    }
    const broken = [
      request(first, '/chat/completions', { ...body, session_id: 's2' }),
      request(first, '/chat/completions', { ...body, session_id: 's3', stream: true }).then((response) => response.text()),
    ].map((sent) => sent.catch(() => undefined));
    await replies.whenAsked(4);
    first.child.kill('SIGKILL');
    expect((await first.ended).signal).toBe('SIGKILL');
    await Promise.all(broken);

    const second = await start(args);
    expect(await outcomes(second, 's1')).toEqual(['answered']);
    expect(await outcomes(second, 's2')).toEqual(['answered', 'interrupted']);
    expect(await outcomes(second, 's3')).toEqual(['interrupted']);
    expect((await request(second, '/chat/completions', { ...body, session_id: 's2' })).status).toBe(200);
    expect(await outcomes(second, 's2')).toEqual(['answered', 'interrupted', 'answered']);
    second.child.kill('SIGTERM');
    await second.ended;
    const sessions = path.join(folder, 'state', 'sessions');
    const [workspace] = await readdir(sessions);
    for (const file of await readdir(path.join(sessions, workspace!))) {
      for (const line of (await readFile(path.join(sessions, workspace!, file), 'utf8')).split('\n').filter((each) => each !== '')) {
        expect(JSON.parse(line)).toHaveProperty('type');
      }
    }
  });

  it('ends in order while a run goes on', async () => {
    replies = await startReplies([undefined]);
    const args = ['--base-url', replies.baseUrl, '--no-notes'];
    const gateway = await start(args);
    const sent = request(gateway, '/chat/completions', { ...body, session_id: 's1' }).catch(() => undefined);
    await replies.whenAsked(1);
    gateway.child.kill('SIGINT');
    expect(await gateway.ended).toEqual({ code: 0, signal: null });
    await sent;
    expect(await outcomes(await start(args), 's1')).toEqual(['cancelled']);
  });

  it('says what is wrong with a folder, a file of tools, a port that is taken and one that is none', async () => {
    const gateway = await start();
    const taken = new URL(gateway.baseUrl).port;
    const cases = [
      [1, ['--workspace', path.join(folder, 'none')], 'is not a folder'],
      [1, ['--tools', path.join(folder, 'none.json')], 'cannot be read'],
      [1, ['--port', taken], `cannot listen on port ${taken}`],
      [2, ['--port', 'many'], '--port takes a number'],
    ] as const;
    await Promise.all(
      cases.map(async ([code, args, message]) => {
        const run = runGatewayProgram(program, [...basics(), ...args]);
        expect((await run.ended).code).toBe(code);
        expect(run.output()).toContain(message);
      }),
    );
  });
});
