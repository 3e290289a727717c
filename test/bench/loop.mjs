/**
 * What a step of the loop costs above a bare groq-sdk loop of twenty lines, measured side by side in one process
 * against one server, and what an event of a long streamed answer costs.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { loadSource, median } from './support/bundle.mjs';
import { startReplyServer } from './support/replyServer.mjs';

const observation = 'x'.repeat(2000);
const rounds = 7;

/** @param {number} steps */
function script(steps) {
  const replies = [];
  for (let step = 0; step < steps; step += 1) {
    replies.push(
      `<thought>I look at part ${step} of the file, because the loop calls it.</thought>\n<action name="look">{"part": ${step}}</action>`,
    );
  }
  return [...replies, '<thought>That is all.</thought>\n<answer>It is linear.</answer>'];
}

/** @param {string} baseUrl @param {number} steps */
async function bareLoop(baseUrl, steps) {
  const { default: Groq } = await import('groq-sdk');
  const client = new Groq({ apiKey: 'none', baseURL: baseUrl, maxRetries: 0 });
  /** @type {{ role: 'system' | 'user' | 'assistant', content: string }[]} */
  const messages = [
    { role: 'system', content: 'Use tags.' },
    { role: 'user', content: 'What is it?' },
  ];
  for (let step = 0; step <= steps; step += 1) {
    const stream = await client.chat.completions.create({ model: 'bench', messages, stream: true });
    let text = '';
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    if (text.includes('<answer>')) {
      return;
    }
    messages.push({ role: 'assistant', content: text }, { role: 'user', content: observation });
  }
}

const tool = {
  name: 'look',
  description: 'Looks at a part.',
  parameters: { type: 'object', properties: { part: { type: 'number' } }, required: ['part'] },
  readOnly: true,
  describe: () => 'Looking',
  run: () => Promise.resolve({ text: observation }),
};

/** @param {() => Promise<void>} task */
async function time(task) {
  const start = performance.now();
  await task();
  return performance.now() - start;
}

/** Loads the loop; gives what runs it once and counts its events. */
async function loadStepwise() {
  const { createRunner, createModel } = await loadSource(`
    export { createRunner } from './src/app/runner';
    export { createModel } from './src/models/index';
  `);
  /** @param {string} baseUrl @param {number} maxIterations */
  return async function stepwise(baseUrl, maxIterations) {
    const model = createModel({ vendor: 'groq', id: 'bench', key: 'none', baseUrl });
    const request = { task: 'question', question: 'What is it?', options: { maxIterations, protocol: 'xml' } };
    let events = 0;
    const handle = createRunner(() => undefined).start(request, { model, tools: [tool] }, [() => (events += 1)]);
    const finished = await handle.done;
    if (finished?.outcome !== 'answered') {
      throw new Error(`The run ended as ${finished?.outcome}: ${finished?.error?.message}`);
    }
    return events;
  };
}

/** Time of the first run in a process of its own, in ms: of the bare loop or of Stepwise's. */
export async function firstRun(/** @type {string} */ kind) {
  const stepwise = await loadStepwise();
  const server = await startReplyServer(script(9), 12);
  try {
    return await time(async () => {
      await (kind === 'bare' ? bareLoop(server.baseUrl, 10) : stepwise(server.baseUrl, 25));
    });
  } finally {
    await server.close();
  }
}

/** @param {string} kind */
function firstRunElsewhere(kind) {
  const program = `
    const { firstRun } = await import(${JSON.stringify(import.meta.url)});
    console.log(await firstRun(${JSON.stringify(kind)}));
    process.exit(0);
  `;
  return Number(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: fileURLToPath(new URL('../..', import.meta.url)), encoding: 'utf8' }));
}

export async function run() {
  const stepwise = await loadStepwise();
  const figures = [];

  const firsts = Array.from({ length: 5 }, () => (firstRunElsewhere('stepwise') - firstRunElsewhere('bare')) / 10);
  figures.push({ name: 'first run of a process: Stepwise above a bare loop, a call', value: median(firsts), unit: 'ms', goal: '< 3' });

  /** @type {Record<number, number>} */
  const overhead = {};
  for (const steps of [10, 25]) {
    const server = await startReplyServer(script(steps - 1), 12);
    try {
      await stepwise(server.baseUrl, 25);
      await bareLoop(server.baseUrl, steps);
      const differences = [];
      const bare = [];
      for (let round = 0; round < rounds; round += 1) {
        const floor = await time(() => bareLoop(server.baseUrl, steps));
        const ours = await time(() => stepwise(server.baseUrl, 25));
        bare.push(floor / steps);
        differences.push((ours - floor) / steps);
      }
      overhead[steps] = median(differences);
      figures.push({ name: `${steps} steps: groq-sdk and a bare loop, a call`, value: median(bare), unit: 'ms' });
      figures.push({ name: `${steps} steps: Stepwise above it, a step`, value: median(differences), unit: 'ms', goal: '< 1' });
    } finally {
      await server.close();
    }
  }

  figures.push({ name: '25 steps / 10 steps: Stepwise above a bare loop, a step', value: (overhead[25] ?? 0) / (overhead[10] ?? 1), unit: '×', goal: '<= 1.15' });

  const words = 40_000;
  const server = await startReplyServer([`<answer>${'word '.repeat(words)}</answer>`], 5);
  try {
    await stepwise(server.baseUrl, 5);
    const perEvent = [];
    const floors = [];
    for (let round = 0; round < 5; round += 1) {
      floors.push((await time(() => bareLoop(server.baseUrl, 1))) / words);
      perEvent.push((await time(() => stepwise(server.baseUrl, 5))) / words);
    }
    figures.push({ name: 'groq-sdk alone, a streamed event', value: median(floors) * 1000, unit: 'µs' });
    figures.push({ name: 'everything, a streamed event', value: median(perEvent) * 1000, unit: 'µs', goal: '< 14' });
    figures.push({ name: 'everything / groq-sdk alone', value: median(perEvent) / median(floors), unit: '×', goal: '< 1.32' });
  } finally {
    await server.close();
  }
  return figures;
}
