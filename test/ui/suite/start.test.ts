import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { surroundings } from '../vscode';

const started: ChildProcess[] = [];

/** `npm start` in a process group of its own, as a terminal starts it. */
async function start(...args: string[]): Promise<{ child: ChildProcess; output: () => string; until: (text: string) => Promise<void>; mark: string }> {
  const folder = await mkdtemp(path.join(surroundings.workspaces, 'start-'));
  const child = spawn(process.execPath, ['scripts/start.mjs', ...args], {
    cwd: surroundings.root,
    detached: true,
    // The variable is found again in every process that descends from this one.
    env: { ...process.env, STEPWISE_START_FOLDER: folder },
  });
  started.push(child);
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      listeners.forEach((listener) => listener());
    });
  }
  const until = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (output.includes(text)) {
          listeners.delete(look);
          resolve();
        }
      };
      listeners.add(look);
      child.once('close', () => reject(new Error(`npm start ended without "${text}":\n${output}`)));
      look();
    });
  return { child, output: () => output, until, mark: `STEPWISE_START_FOLDER=${folder}` };
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once('close', (code) => resolve(code)));
}

/** Processes with this in their environment: the script and whatever it started, directly or not. */
function processesWith(mark: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return pid > 0 && readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark);
      } catch {
        return false;
      }
    });
}

describe('npm start', function () {
  this.timeout(180_000);

  afterEach(() => {
    for (const child of started.splice(0)) {
      child.kill('SIGKILL');
    }
  });

  it('with --once shows the steps, writes a note and ends with 0', async () => {
    const { child, output, mark } = await start('--once');
    assert.equal(await ended(child), 0, output());
    assert.match(output(), /Step 1/u);
    assert.match(output(), /O\(len\(orders\)²/u);
    const note = /Note: (.+\.md)$/mu.exec(output())?.[1];
    assert.ok(note !== undefined && existsSync(note), output());
    assert.match(await readFile(note, 'utf8'), /find_duplicates/u);
    assert.deepEqual(processesWith(mark), []);
  });

  it('with --once ends with 1 where no note can be written', async () => {
    const { child, output } = await start('--once', path.join(surroundings.workspaces, 'no-such-folder'));
    assert.equal(await ended(child), 1);
    assert.match(output(), /is not a folder/u);
  });

  it('goes on at an address that asks for its token, and leaves no process behind on Ctrl-C', async () => {
    const { child, output, until, mark } = await start();
    await until('Ctrl-C ends it');
    const address = /http:\/\/127\.0\.0\.1:\d+\/\S+/u.exec(output())?.[0];
    assert.ok(address);
    const answer = await fetch(address, { redirect: 'manual' });
    assert.equal(answer.status, 302, 'the token becomes a cookie');
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const page = new URL(answer.headers.get('location') ?? '', address);
    assert.equal((await fetch(page, { headers: { cookie } })).status, 200);
    assert.equal((await fetch(page)).status, 403, 'not without the token');
    assert.ok(processesWith(mark).length > 2);
    process.kill(-child.pid!, 'SIGINT');
    assert.equal(await ended(child), 0);
    assert.deepEqual(processesWith(mark), []);
  });

  it('leaves no process behind when it is killed', async () => {
    const { child, until, mark } = await start();
    await until('Step 1');
    process.kill(-child.pid!, 'SIGKILL');
    await ended(child);
    const deadline = Date.now() + 10_000;
    while (processesWith(mark).length > 0) {
      assert.ok(Date.now() < deadline, `still running: ${processesWith(mark).join(', ')}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
});
