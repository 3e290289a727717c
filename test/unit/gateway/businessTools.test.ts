import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createConfiguredTool, readConfiguredTools } from '../../../src/node/configuredTools';
import type { Tool } from '../../../src/core/tool';
import { startTestGateway } from '../../support/gateway';
import { scriptedModel } from '../../support/scriptedModel';
import { repositoryRoot } from '../../support/sourceFiles';

const example = path.join(repositoryRoot, 'test/fixtures/businessTools');
const never = new AbortController().signal;

let folder: string;
let tools: readonly Tool[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'stepwise-business-'));
  const database = path.join(folder, 'business.sqlite');
  await promisify(execFile)(process.execPath, [path.join(example, 'makeDatabase.mjs'), database]);
  const configured = JSON.parse(await readFile(path.join(example, 'tools.json'), 'utf8')) as { command: string[] }[];
  // As they are, with another place for the database.
  const moved = configured.map((tool) => ({ ...tool, command: tool.command.map((part) => (part === 'business.sqlite' ? database : part === 'node' ? process.execPath : part)) }));
  tools = readConfiguredTools(moved).map((tool) => createConfiguredTool(tool, example));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function call(name: string, args: Record<string, unknown>): Promise<unknown> {
  const tool = tools.find((candidate) => candidate.name === name);
  const { text, isError } = await tool!.run(args, never);
  return isError === true ? `error: ${text}` : (JSON.parse(text) as unknown);
}

describe('the business tools of the example', () => {
  it('query the database, and cannot change it', async () => {
    expect(await call('query_database', { sql: "SELECT name FROM customers WHERE country = 'FR'" })).toEqual({ columns: ['name'], rows: [{ name: 'Zola et Fils' }] });
    expect(await call('query_database', { sql: 'DELETE FROM customers RETURNING id' })).toContain('readonly');
    expect(await call('query_database', { sql: 'DROP TABLE customers' })).toContain('error:');
    expect(await call('query_database', { sql: 'SELECT 1; SELECT 2' })).toContain('one statement');
    expect(await call('query_database', { sql: 'SELECT count(*) AS n FROM customers' })).toMatchObject({ rows: [{ n: 3 }] });
    expect(await call('query_database', { sql: 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) SELECT i FROM n' })).toMatchObject({ note: expect.stringContaining('100') as string });
  });

  it('tell a customer by the invoices', async () => {
    expect(await call('fetch_user_profile', { user_id: 2 })).toMatchObject({ name: 'Zola et Fils', invoices: 2, invoiced: 156_000, open: 0 });
    expect(await call('fetch_user_profile', { user_id: 99 })).toContain('There is no customer 99');
  });

  it('compute the risk from the facts: 40 for late ones, 30 for the longest delay, 30 for what is open', async () => {
    // Both due invoices late, 91 days at most, 1,100 of 1,500 open: 40 + 30 + 22.
    expect(await call('calculate_risk', { user_id: 3, on: '2025-06-30' })).toMatchObject({ score: 92, late: 2, due: 2, longest_delay_days: 91, open: 110_000 });
    // One of three late, 19 days, 600 of 5,000 open: 13.3 + 6.3 + 3.6.
    expect(await call('calculate_risk', { user_id: 1, on: '2025-06-30' })).toMatchObject({ score: 23 });
    // Before anything was due nothing is late, whatever came later.
    expect(await call('calculate_risk', { user_id: 3, on: '2025-01-31' })).toMatchObject({ score: 20, due: 0, late: 0 });
  });

  it('are carried out by the server when a client names them', async () => {
    const model = scriptedModel([
      '<thought>Who is there?</thought><action name="query_database">{"sql": "SELECT id FROM customers ORDER BY id"}</action>',
      '<thought>Now the risk.</thought><action name="calculate_risk">{"user_id": 3, "on": "2025-06-30"}</action>',
      '<thought>That is high.</thought><answer>Inkstone Trading: 92.</answer>',
    ]);
    const gateway = await startTestGateway(model, { tools });
    try {
      const response = await gateway.request('/v1/chat/completions', {
        json: {
          messages: [{ role: 'user', content: 'Who is the greatest risk?' }],
          selfThinking: { enabled: true, includeThoughtsInResponse: false, tools: [{ name: 'query_database' }, { name: 'calculate_risk' }] },
        },
      });
      expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Inkstone Trading: 92.' }, finish_reason: 'stop' }] });
      expect(model.requests[1]?.messages.at(-1)?.content).toContain('{"id":3}');
      expect(model.requests[2]?.messages.at(-1)?.content).toContain('"score":92');
      expect(model.requests[0]?.messages[0]?.content).not.toContain('fetch_user_profile');
    } finally {
      await gateway.close();
    }
  });
});
