/**
 * `npm run bench [-- NAME …]`: runs the benchmarks of `test/bench/`, each in a process of its own so that they share
 * neither memory nor compiled code, prints a table and keeps the figures in `artifacts/bench.json`.
 *
 * A benchmark is a module that exports `run(): Promise<{ name, value, unit, goal? }[]>`; `goal` is a sentence such as
 * "< 10". Figures depend on the machine: compare ratios, and the goals on a quiet one.
 */
import { spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const folder = join(root, 'test/bench');

/**
 * @typedef {{ name: string, value: number, unit: string, goal?: string }} Figure
 */

/** @param {string} file @returns {Promise<Figure[]>} */
function measure(file) {
  const program = `
    const { run } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const figures = await run();
    process.stdout.write('\\n#figures ' + JSON.stringify(figures) + '\\n', () => process.exit(0));
  `;
  return new Promise((resolvePromise, reject) => {
    const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '--eval', program], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const line = output.split('\n').find((candidate) => candidate.startsWith('#figures '));
      if (code === 0 && line !== undefined) {
        resolvePromise(JSON.parse(line.slice('#figures '.length)));
      } else {
        reject(new Error(`${basename(file)} ended with ${code}.\n${output}`));
      }
    });
  });
}

/** @param {number} value */
function format(value) {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

const wanted = process.argv.slice(2);
const files = (await readdir(folder)).filter((name) => name.endsWith('.mjs')).sort();
const chosen = wanted.length === 0 ? files : files.filter((name) => wanted.includes(name.replace(/\.mjs$/, '')));
if (chosen.length === 0) {
  console.error(`No such benchmark. There are: ${files.map((name) => name.replace(/\.mjs$/, '')).join(', ')}.`);
  process.exit(1);
}

/** @type {Record<string, Figure[]>} */
const results = {};
let failures = 0;
for (const name of chosen) {
  const title = name.replace(/\.mjs$/, '');
  console.log(`\n${title}`);
  try {
    const figures = await measure(join(folder, name));
    results[title] = figures;
    const width = Math.max(...figures.map((figure) => figure.name.length));
    for (const { name: figure, value, unit, goal } of figures) {
      const shown = `${format(value)} ${unit}`.padEnd(14);
      console.log(`  ${figure.padEnd(width)}  ${shown}${goal === undefined ? '' : `  goal ${goal}`}`);
    }
  } catch (error) {
    failures += 1;
    console.error(`  failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

await mkdir(join(root, 'artifacts'), { recursive: true });
const report = { date: new Date().toISOString(), node: process.version, results };
await writeFile(join(root, 'artifacts/bench.json'), `${JSON.stringify(report, null, 2)}\n`);
console.log('\nKept in artifacts/bench.json.');
process.exit(failures === 0 ? 0 : 1);
