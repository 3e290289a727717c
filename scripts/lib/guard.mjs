/**
 * Guards one program: `node guard.mjs PROGRAM ARGUMENT…`. Ends it, its process group and all that descends from it as
 * soon as standard input closes, which it does when the process that started this one ends in whatever way.
 */
import { execFile, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Time in ms that the program gets to end by itself before it is killed. */
const graceMs = 2_000;

const [program = '', ...args] = process.argv.slice(2);
const isWindows = process.platform === 'win32';
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], windowsHide: true });
let isStopping = false;

child.once('error', (error) => {
  process.stderr.write(`${program}: ${error.message}\n`);
  finish(127);
});
child.once('exit', (code, signal) => finish(code ?? (signal === 'SIGINT' ? 130 : 1)));

process.stdin.resume();
process.stdin.once('end', stop);
process.stdin.once('error', stop);
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, stop);
}

function stop() {
  if (isStopping) {
    return;
  }
  isStopping = true;
  if (isWindows) {
    execFile('taskkill', ['/pid', String(child.pid), '/T', '/F'], () => finish(1));
    return;
  }
  child.kill('SIGTERM');
  setTimeout(() => finish(1), graceMs);
}

/**
 * Kills what is left and ends this process.
 * @param {number} code
 */
function finish(code) {
  killMarked();
  for (const pid of groupMembers()) {
    kill(pid);
  }
  if (isStopping && !isWindows && processIds().length === 0) {
    // No /proc to list the others by: the whole group, this process included, whose exit code matters no more.
    process.kill(-process.pid, 'SIGKILL');
  }
  process.exit(code);
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

/** @returns {number[]} processes of this group but this one; only Linux tells without a helper program */
function groupMembers() {
  return processIds().filter((pid) => {
    try {
      // Fields of /proc/PID/stat after the name in parentheses: state, parent, process group.
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]) === process.pid;
    } catch {
      return false;
    }
  });
}

/** Kills processes that left the group, by the variable they inherited. */
function killMarked() {
  const mark = `STEPWISE_GUARD=${process.env.STEPWISE_GUARD}`;
  // Twice: one that forks while the list is read is found in the second pass.
  for (let pass = 0; pass < 2; pass++) {
    for (const pid of processIds()) {
      try {
        if (readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark)) {
          kill(pid);
        }
      } catch {
        // Ended meanwhile, or somebody else's.
      }
    }
  }
}

/** @returns {number[]} all processes but this one; empty where there is no /proc */
function processIds() {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && pid !== process.pid);
  } catch {
    return [];
  }
}
