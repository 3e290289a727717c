/**
 * The complexity analysis: programs of up to 150 lines, the first call with its grammar, and 2,000 lines beside their
 * parse. The programs are those of `test/fixtures/complexity/`.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import treeSitter from '@vscode/tree-sitter-wasm';
import { loadSource, median } from './support/bundle.mjs';

/** Rounds over the long file before it counts: until then the engine compiles what it runs. */
const warmUps = 40;

const root = resolve(fileURLToPath(import.meta.url), '../../..');
const fixtures = resolve(root, 'test/fixtures/complexity');

/** @returns {{ language: string, code: string }[]} */
function programs() {
  return readdirSync(fixtures)
    .filter((name) => name.endsWith('.txt'))
    .flatMap((name) =>
      readFileSync(resolve(fixtures, name), 'utf8')
        .split(/^=== .*\n/m)
        .slice(1)
        .map((code) => ({ language: name.replace('.txt', ''), code })),
    );
}

const entry = `
  export { analyzeComplexity } from './src/analysis/index';
  export { setGrammarSource, withTree } from './src/analysis/parser';
  export { createGrammarSource } from './src/node/grammars';
`;

async function load() {
  const analysis = await loadSource(entry);
  analysis.setGrammarSource(analysis.createGrammarSource({ from: import.meta.url }));
  return analysis;
}

/** @param {() => Promise<unknown>} work */
async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Python of about 2,000 lines, its functions renamed so that none is like another. */
function longFile() {
  const parts = programs().filter((program) => program.language === 'python').map((program) => program.code);
  const lines = [];
  for (let round = 0; lines.length < 2000; round += 1) {
    const part = parts[round % parts.length] ?? '';
    lines.push(...part.replace(/^def (\w+)/gm, `def $1_${round}`).replace(/^class (\w+)/gm, `class $1_${round}`).split('\n'));
  }
  return lines.slice(0, 2000).join('\n');
}

/**
 * What anyone has to do before an analysis: parse, and ask the package's cursor what each node is, where it is, and which
 * field of its parent it fills.
 *
 * @param {{ load(name: string): Promise<Uint8Array> }} source
 * @returns {Promise<(text: string) => number>} gives the number of nodes
 */
async function plainParser(source) {
  const parser = new treeSitter.Parser();
  parser.setLanguage(await treeSitter.Language.load(await source.load('tree-sitter-python')));
  return (text) => {
    const tree = parser.parse(text);
    const cursor = tree.walk();
    let nodes = 0;
    let sum = 0;
    for (let isDone = false; !isDone; ) {
      nodes += 1;
      sum += cursor.nodeTypeId + cursor.startIndex + cursor.endIndex + cursor.currentFieldId;
      if (!cursor.gotoFirstChild()) {
        while (!isDone && !cursor.gotoNextSibling()) {
          isDone = !cursor.gotoParent();
        }
      }
    }
    cursor.delete();
    tree.delete();
    return sum > 0 ? nodes : 0;
  };
}

/** @returns {Promise<{ name: string, value: number, unit: string, goal?: string }[]>} */
export async function run() {
  const firstCalls = [];
  for (let round = 0; round < 3; round += 1) {
    const program = `
      const { firstCall } = await import(${JSON.stringify(import.meta.url)});
      console.log(await firstCall());
      process.exit(0);
    `;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { cwd: root, encoding: 'utf8' });
    if (status !== 0) {
      throw new Error(stderr);
    }
    firstCalls.push(Number(stdout));
  }

  const { analyzeComplexity, withTree, createGrammarSource } = await load();
  const samples = programs();
  for (const { language, code } of samples) {
    await analyzeComplexity(code, language);
  }
  const times = [];
  for (const { language, code } of samples) {
    times.push(await timed(() => analyzeComplexity(code, language)));
  }

  const long = longFile();
  const parseAndWalk = await plainParser(createGrammarSource({ from: import.meta.url }));
  const parses = [];
  const copies = [];
  const analyses = [];
  for (let round = 0; round < warmUps + 20; round += 1) {
    const parse = await timed(async () => parseAndWalk(long));
    const copy = await timed(() => withTree('tree-sitter-python', long, () => undefined));
    const analysis = await timed(() => analyzeComplexity(long, 'python', { limitMs: 10_000 }));
    if (round >= warmUps) {
      parses.push(parse);
      copies.push(copy);
      analyses.push(analysis);
    }
  }

  const memory = async () => {
    globalThis.gc?.();
    return process.memoryUsage().heapUsed + process.memoryUsage().external;
  };
  const repeat = async (count) => {
    for (let at = 0; at < count; at += 1) {
      const { language, code } = samples[at % samples.length] ?? { language: 'python', code: '' };
      await analyzeComplexity(code, language, { wholeOnly: true });
    }
  };
  await repeat(1000);
  const before = await memory();
  await repeat(9000);
  const growth = (await memory()) - before;

  return [
    { name: 'program of up to 150 lines, warm, median', value: median(times), unit: 'ms', goal: '< 5' },
    { name: 'program of up to 150 lines, warm, slowest', value: Math.max(...times), unit: 'ms', goal: '< 250' },
    { name: 'first call with its grammar (Python)', value: median(firstCalls), unit: 'ms', goal: '< 200' },
    { name: '2,000 lines: parse and walk with the package\'s cursor', value: median(parses), unit: 'ms' },
    { name: '2,000 lines: parse and our copy of the tree', value: median(copies), unit: 'ms' },
    { name: '2,000 lines: report of every function', value: median(analyses), unit: 'ms' },
    { name: '2,000 lines: report per parse and walk', value: median(analyses) / median(parses), unit: 'times', goal: '<= 2' },
    { name: 'memory after 10,000 analyses, more than after 1,000', value: growth / 1024 / 1024, unit: 'MB', goal: '< 10' },
  ];
}

/** Time of the first analysis in this process, in ms, the bundle being loaded. */
export async function firstCall() {
  const { analyzeComplexity } = await load();
  return timed(() => analyzeComplexity('def f(xs):\n    return sorted(xs)\n', 'python'));
}
