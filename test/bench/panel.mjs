/**
 * The panel under load, in a real browser: 100,000 tokens streamed in batches as the host sends them, 1,000 steps, an
 * observation of 1 MB.
 */
/* global window, document, requestAnimationFrame, setInterval, clearInterval */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser } from '../../scripts/lib/browser.mjs';
import { createPanelHarness } from '../support/panelHarness.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const snapshot = (run) => ({ type: 'snapshot', snapshot: { bundle: {}, language: 'en', paused: false, note: { state: 'none' }, abilities: ['open-note', 'follow-up'], recent: [], run } });

const runWith = (overrides = {}) => ({
  id: 'run', startedAt: 0, request: { task: 'explain', question: 'What does this do?' }, model: { id: 'm', vendor: 'groq', label: 'Model' }, protocol: 'xml', maxIterations: 25, steps: [], answer: '', ...overrides,
});

const step = (index, overrides = {}) => ({
  index, kind: 'turn', startedAt: 0, title: `Step number ${index}`, thought: 'A thought.', answer: '', actions: [], notices: [], thinkingMs: 840, usage: { promptTokens: 800, completionTokens: 60 }, state: 'done', ...overrides,
});

/**
 * Runs `work` and gives the tasks of the page's main thread meanwhile, in ms of processor time (other programs on the
 * machine do not count), and the memory of the script afterwards.
 */
async function measured(panel, work) {
  const browser = panel.page.context().browser();
  await browser.startTracing(panel.page, { categories: ['devtools.timeline', 'disabled-by-default-devtools.timeline'] });
  await work();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString('utf8'));
  // The page's own main thread is the one on which its script ran.
  const ran = new Map();
  for (const { name, pid, tid } of traceEvents) {
    if (name === 'FireAnimationFrame') {
      ran.set(`${pid}/${tid}`, (ran.get(`${pid}/${tid}`) ?? 0) + 1);
    }
  }
  const [thread] = [...ran].sort(([, first], [, second]) => second - first)[0];
  const tasks = traceEvents.filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && `${pid}/${tid}` === thread).map(({ tdur, dur }) => (tdur ?? dur) / 1000);
  const session = await panel.page.context().newCDPSession(panel.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes } = await session.send('Memory.getDOMCounters');
  return { longest: Math.max(0, ...tasks), long: tasks.filter((task) => task > 50).length, total: tasks.reduce((sum, task) => sum + task, 0), megabytes: usedSize / 1e6, nodes };
}

/** Streams text into the page at a steady pace, and tells how late frames came at worst. */
function stream({ kind, tokenCount, perBatch, pauseMs }) {
  const words = ['The ', 'inner ', 'loop ', '`runs` ', 'n ', 'times, ', 'so ', '**all** ', 'of ', 'it ', 'takes ', '$n^2$ ', 'steps ', '(a.py:4).', '\n\n', '- ', 'one ', '\n- ', 'two\n\n'];
  const code = '```python\nfor left in items:\n    total += left\n```\n\n';
  return new Promise((done) => {
    let sent = 0;
    let worstFrame = 0;
    let last = performance.now();
    const frame = (now) => {
      worstFrame = Math.max(worstFrame, now - last);
      last = now;
      if (sent < tokenCount) {
        requestAnimationFrame(frame);
      } else {
        requestAnimationFrame(() => requestAnimationFrame(() => done(worstFrame)));
      }
    };
    requestAnimationFrame(frame);
    const timer = setInterval(() => {
      const events = [];
      for (let count = 0; count < perBatch && sent < tokenCount; count += 1, sent += 1) {
        events.push({ type: kind, step: 1, text: sent % 400 === 399 ? code : words[sent % words.length] });
      }
      window.postMessage({ type: 'events', runId: 'run', events }, '*');
      if (sent >= tokenCount) {
        clearInterval(timer);
      }
    }, pauseMs);
  });
}

export async function run() {
  const { browser, close } = await openBrowser();
  const harness = await createPanelHarness({ root, browser });
  const figures = [];
  const report = (name, value, unit, goal) => figures.push({ name, value, unit, ...(goal === undefined ? {} : { goal }) });
  const streamed = async (kind, pace) => {
    const panel = await harness.open();
    await panel.post(snapshot(runWith({ steps: [step(1, { state: 'thinking', title: '', thought: '', thinkingMs: 0 })] })));
    const result = await measured(panel, () => panel.page.evaluate(stream, { kind, ...pace }));
    await panel.close();
    return result;
  };
  try {
    for (const kind of ['thought-delta', 'answer-delta']) {
      const name = kind === 'thought-delta' ? 'thought' : 'answer';
      const usual = await streamed(kind, { tokenCount: 5_000, perBatch: 17, pauseMs: 33 });
      report(`${name} at 500 tokens/s: tasks over 50 ms`, usual.long, 'tasks', '= 0');
      report(`${name} at 500 tokens/s: longest task`, usual.longest, 'ms', '< 50');
      const much = await streamed(kind, { tokenCount: 100_000, perBatch: 250, pauseMs: 33 });
      report(`${name} of 100,000 tokens at 7,500/s: tasks over 50 ms`, much.long, 'tasks');
      report(`${name} of 100,000 tokens at 7,500/s: processor time`, much.total, 'ms');
      report(`${name} of 100,000 tokens at 7,500/s: memory of the script afterwards`, much.megabytes, 'MB', '< 100');
      report(`${name} of 100,000 tokens at 7,500/s: nodes of the page afterwards`, much.nodes, 'nodes');
    }

    const many = await harness.open();
    await keep(many, snapshot(runWith({ steps: Array.from({ length: 1000 }, (_, index) => step(index + 1)), outcome: 'answered', answer: 'Done.' })));
    const thousand = await measured(many, async () => {
      await many.page.evaluate(postKept);
      await many.page.waitForFunction(() => document.querySelectorAll('.step').length === 1000);
      await many.page.evaluate(scrollThrough);
    });
    report('1,000 steps, shown and scrolled through: longest task', thousand.longest, 'ms', '< 50');
    await many.close();

    const large = await harness.open();
    const text = Array.from({ length: 16_000 }, (_, index) => `${String(index).padStart(5)} | const value${index} = compute(${index}, "some text to fill the line");`).join('\n').slice(0, 1_048_576);
    const action = { callId: '1', tool: 'read_file', args: { path: 'a.ts' }, summary: 'Reading a.ts', observation: text, isError: false, cached: false, elapsedMs: 3, references: [] };
    await keep(large, snapshot(runWith({ steps: [step(1, { actions: [action] })], outcome: 'answered', answer: 'Done.' })));
    const megabyte = await measured(large, async () => {
      await large.page.evaluate(postKept);
      await large.page.locator('.step-header').click();
      await large.page.locator('.observation summary').click();
      // Line breaks between blocks are no text.
      await large.page.waitForFunction(() => document.querySelector('.observation-text')?.textContent.length > 1_040_000);
      await large.page.evaluate(scrollObservation);
    });
    report('observation of 1 MB, opened and scrolled through: longest task', megabyte.longest, 'ms', '< 50');
    await large.close();
  } finally {
    await harness.close();
    await close();
  }
  return figures;
}

/** Puts a message into the page, so that posting it costs what it costs in VS Code and no more. */
function keep(panel, message) {
  return panel.page.evaluate((kept) => {
    window.kept = kept;
  }, message);
}

function postKept() {
  window.postMessage(window.kept, '*');
}

function scrollThrough() {
  return new Promise((done) => {
    const target = document.documentElement;
    let top = 0;
    const frame = () => {
      top += target.clientHeight;
      target.scrollTop = top;
      if (top < target.scrollHeight) {
        requestAnimationFrame(frame);
      } else {
        done(undefined);
      }
    };
    requestAnimationFrame(frame);
  });
}

function scrollObservation() {
  return new Promise((done) => {
    const target = document.querySelector('.observation-text');
    let steps = 0;
    const frame = () => {
      target.scrollTop += 2000;
      steps += 1;
      if (steps < 120) {
        requestAnimationFrame(frame);
      } else {
        done(undefined);
      }
    };
    requestAnimationFrame(frame);
  });
}
