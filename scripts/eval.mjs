// Measures the complexity analyzer on labelled programs.
//
//   npm run eval -- --data FILE [--data FILE …] [--half a|b] [--json] [--language NAME] [--source NAME] [--wrong N]
//
// FILE holds one JSON object a line: id, language, label, source_dataset, problem, code. The halves are made by a hash of
// `problem`, so that all programs of one problem are in the same half.
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const classes = ['constant', 'logn', 'linear', 'nlogn', 'quadratic', 'cubic', 'exponential'];

/** Where each class of the analyzer lies on the scale of the labels, for the share within one class. */
const place = {
  constant: 0, logn: 1, log2n: 1.5, sqrt: 1.5, linear: 2, nlogn: 3, nlog2n: 3.5, nsqrt: 3.5, quadratic: 4, n2logn: 4.5, cubic: 5, n3logn: 5.5, n4: 5.5,
  polynomial: 5.5, exponential: 6,
};

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', multiple: true }, half: { type: 'string' }, json: { type: 'boolean', default: false }, language: { type: 'string' },
    source: { type: 'string' }, wrong: { type: 'string', default: '100000' }, id: { type: 'string', multiple: true },
  },
});

if (options.data === undefined) {
  console.error('Usage: npm run eval -- --data FILE [--data FILE …] [--half a|b] [--json] [--language NAME] [--source NAME]');
  process.exit(2);
}

/** Bundles the analysis as it is now and loads it with grammars from the installed package. */
export async function loadAnalysis() {
  const folder = join(root, 'node_modules', '.cache', 'stepwise-eval');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `analysis-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, 'src/analysis/index.ts')], bundle: true, format: 'esm', platform: 'node', target: 'node20', outfile,
    external: ['@vscode/tree-sitter-wasm'], logLevel: 'error',
  });
  const analysis = await import(pathToFileURL(outfile).href);
  await rm(outfile, { force: true });
  const wasm = dirname(createRequire(join(root, 'package.json')).resolve('@vscode/tree-sitter-wasm'));
  analysis.setGrammarSource({ load: (name) => readFile(join(wasm, `${name}.wasm`)) });
  return analysis;
}

/** `a` or `b`: half of all problems each. */
export function halfOf(problem) {
  return createHash('sha1').update(problem).digest()[0] % 2 === 0 ? 'a' : 'b';
}

function quantile(sorted, share) {
  return sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function score(results) {
  const right = results.filter((result) => result.answer === result.label).length;
  const near = results.filter((result) => result.answer in place && Math.abs(place[result.answer] - place[result.label]) <= 1).length;
  const scores = classes.filter((name) => results.some((result) => result.label === name)).map((name) => {
    const found = results.filter((result) => result.label === name);
    const said = results.filter((result) => result.answer === name);
    const hit = found.filter((result) => result.answer === name).length;
    return hit === 0 ? 0 : (2 * hit) / (found.length + said.length);
  });
  return {
    count: results.length,
    accuracy: right / Math.max(1, results.length),
    macroF1: scores.reduce((sum, each) => sum + each, 0) / Math.max(1, scores.length),
    withinOne: near / Math.max(1, results.length),
    unknown: results.filter((result) => result.answer === 'unknown').length / Math.max(1, results.length),
  };
}

function grouped(results, key) {
  const groups = new Map();
  for (const result of results) {
    const name = key(result);
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return Object.fromEntries([...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, group]) => [name, score(group)]));
}

const lines = (await Promise.all(options.data.map((file) => readFile(file, 'utf8')))).flatMap((text) => text.split('\n').filter((line) => line.trim() !== ''));
let programs = lines.map((line) => JSON.parse(line));
programs = programs.filter(
  (program) =>
    (options.half === undefined || halfOf(program.problem) === options.half) && (options.language === undefined || program.language === options.language) &&
    (options.source === undefined || program.source_dataset === options.source) && (options.id === undefined || options.id.includes(program.id)),
);

const analysis = await loadAnalysis();
// Grammars are loaded and compiled before the clock runs; the first call is measured by `npm run bench`.
for (const language of new Set(programs.map((program) => program.language))) {
  for (const program of programs.filter((each) => each.language === language).slice(0, 20)) {
    await analysis.analyzeComplexity(program.code, language);
  }
}

const results = [];
for (const program of programs) {
  const started = performance.now();
  let answer = 'crash';
  let expression;
  try {
    const report = await analysis.analyzeComplexity(program.code, program.language);
    answer = report.whole.time.class;
    expression = report.whole.time.expression;
  } catch (error) {
    expression = String(error?.stack ?? error).split('\n').slice(0, 3).join(' | ');
  }
  results.push({
    id: program.id, language: program.language, source: program.source_dataset, label: program.label, answer, expression,
    ms: performance.now() - started, half: halfOf(program.problem),
  });
}

const times = results.map((result) => result.ms).sort((a, b) => a - b);
const wrong = results.filter((result) => result.answer !== result.label);
const summary = {
  overall: score(results),
  halves: grouped(results, (result) => result.half),
  halvesOfKinds: grouped(results, (result) => `${/leetcode|neetcode/.test(result.source) ? 'functions' : 'whole programs'}, half ${result.half}`),
  kinds: grouped(results, (result) => (/leetcode|neetcode/.test(result.source) ? 'functions' : 'whole programs')),
  sources: grouped(results, (result) => result.source),
  languages: grouped(results, (result) => result.language),
  classes: grouped(results, (result) => result.label),
  confusion: Object.fromEntries(classes.map((label) => {
    const row = {};
    for (const result of results.filter((each) => each.label === label)) {
      row[result.answer] = (row[result.answer] ?? 0) + 1;
    }
    return [label, row];
  })),
  ms: { median: quantile(times, 0.5), p95: quantile(times, 0.95), max: times.at(-1) ?? 0 },
  crashes: results.filter((result) => result.answer === 'crash').map((result) => `${result.id}: ${result.expression}`),
};

if (options.json) {
  console.log(JSON.stringify({ ...summary, wrong }, null, 1));
} else {
  const percent = (value) => `${(100 * value).toFixed(1).padStart(5)}`;
  const row = (name, each) => console.log(`${name.padEnd(24)} ${String(each.count).padStart(5)}  ${percent(each.accuracy)}  ${percent(each.macroF1)}  ${percent(each.withinOne)}  ${percent(each.unknown)}`);
  console.log(`${''.padEnd(24)} count  right  macroF1 within1 unknown`);
  row('all', summary.overall);
  for (const [title, groups] of [['half', summary.halves], ['kind and half', summary.halvesOfKinds], ['source', summary.sources], ['language', summary.languages], ['label', summary.classes]]) {
    console.log(`by ${title}`);
    for (const [name, each] of Object.entries(groups)) {
      row(`  ${name}`, each);
    }
  }
  console.log('\nlabel (row) and answer (column)');
  const answers = [...new Set(results.map((result) => result.answer))].sort((a, b) => (place[a] ?? 99) - (place[b] ?? 99));
  console.log(`${''.padEnd(12)}${answers.map((name) => name.slice(0, 8).padStart(9)).join('')}`);
  for (const label of classes) {
    console.log(`${label.padEnd(12)}${answers.map((name) => String(summary.confusion[label][name] ?? 0).padStart(9)).join('')}`);
  }
  console.log(`\nms per program: median ${summary.ms.median.toFixed(2)}, 95th percentile ${summary.ms.p95.toFixed(2)}, maximum ${summary.ms.max.toFixed(1)}`);
  for (const crash of summary.crashes) {
    console.log(`crash ${crash}`);
  }
  const shown = wrong.slice(0, Number(options.wrong));
  if (shown.length > 0) {
    console.log('\nwrong: id, label → answer');
    for (const result of shown) {
      console.log(`${result.id} ${result.label} → ${result.answer} ${result.expression}`);
    }
  }
}
