/**
 * What starting costs: importing the engine, and loading the extension's bundle as VS Code does (with `vscode` replaced by
 * an object that has nothing). Each in fresh processes; needs a build (`npm run build`).
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { median } from './support/bundle.mjs';

const dist = resolve(fileURLToPath(import.meta.url), '../../../dist');
const rounds = 9;

/** @param {string} program Prints a number of ms. */
function measure(program) {
  const values = [];
  for (let round = 0; round < rounds; round += 1) {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--eval', program], { encoding: 'utf8' });
    if (status !== 0) {
      throw new Error(stderr);
    }
    values.push(Number(stdout));
  }
  return median(values);
}

const importEngine = `
  const start = performance.now();
  import(${JSON.stringify(pathToFileURL(resolve(dist, 'core.mjs')).href)}).then(() => console.log(performance.now() - start));
`;

/** Stands for all of `vscode`: each of its members is itself. Bundles look members up through its prototype. */
const requireExtension = `
  const Module = require('node:module');
  const load = Module._load;
  const nothing = new Proxy(class {}, {
    get: (target, name) => (name === 'prototype' ? target.prototype : nothing),
    getPrototypeOf: () => nothing,
  });
  Module._load = function (request, ...rest) { return request === 'vscode' ? nothing : load.call(this, request, ...rest); };
  const start = performance.now();
  require(${JSON.stringify(resolve(dist, 'extension.js'))});
  console.log(performance.now() - start);
`;

const nothingAtAll = `const start = performance.now(); import('node:fs').then(() => console.log(performance.now() - start));`;

export async function run() {
  if (!existsSync(resolve(dist, 'core.mjs')) || !existsSync(resolve(dist, 'extension.js'))) {
    throw new Error('There is no build to measure: run npm run build first.');
  }
  return [
    { name: 'import() of a module of Node, for comparison', value: measure(nothingAtAll), unit: 'ms' },
    { name: 'import of dist/core.mjs', value: measure(importEngine), unit: 'ms', goal: '< 30' },
    { name: 'require of dist/extension.js', value: measure(requireExtension), unit: 'ms', goal: '< 10' },
  ];
}
