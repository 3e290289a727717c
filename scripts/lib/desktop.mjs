import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findOnPath, isServerPlatform } from './hostParts.mjs';
import { downloads } from './paths.mjs';
import { run, spawnGuarded } from './processes.mjs';
import { ScriptError, lastLines } from './terminal.mjs';

/**
 * The command line program of a desktop VS Code: an installed one, else, where VS Code's server is no choice, one that
 * `@vscode/test-electron` downloads.
 * @returns {Promise<string>}
 * @throws {ScriptError} when there is none
 */
export async function findDesktop() {
  const home = process.env.HOME ?? process.env.USERPROFILE ?? '';
  const usual = [
    '/usr/share/code/bin/code',
    '/snap/bin/code',
    '/var/lib/flatpak/exports/bin/com.visualstudio.code',
    '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code',
    join(home, 'Applications/Visual Studio Code.app/Contents/Resources/app/bin/code'),
    join(process.env.LOCALAPPDATA ?? home, 'Programs', 'Microsoft VS Code', 'bin', 'code.cmd'),
    join(process.env.ProgramFiles ?? home, 'Microsoft VS Code', 'bin', 'code.cmd'),
  ];
  const installed = findOnPath(['code', 'code-insiders', 'codium']) ?? usual.find((path) => existsSync(path));
  if (installed !== undefined) {
    return installed;
  }
  if (isServerPlatform) {
    throw new ScriptError(
      'No desktop VS Code was found on this machine.',
      'Install it from https://code.visualstudio.com and make sure that `code` is on the PATH, or run `npm start` without --desktop: it needs none.',
    );
  }
  const { downloadAndUnzipVSCode, resolveCliPathFromVSCodeExecutablePath } = await import('@vscode/test-electron');
  return resolveCliPathFromVSCodeExecutablePath(await downloadAndUnzipVSCode({ version: 'stable', cachePath: downloads }));
}

/**
 * @typedef {object} Desktop
 * @property {string} command
 * @property {string} dataFolder Settings and extensions of this VS Code, apart from those of the person's own.
 */

/** @param {Desktop} desktop */
function apart({ dataFolder }) {
  return ['--user-data-dir', join(dataFolder, 'user'), '--extensions-dir', join(dataFolder, 'extensions')];
}

/**
 * Installs a packaged extension in desktop VS Code.
 * @param {Desktop & { vsix: string }} desktop
 * @returns {Promise<void>}
 */
export async function installInDesktop(desktop) {
  const { code, output } = await runCommand(desktop.command, [...apart(desktop), '--install-extension', desktop.vsix, '--force']);
  if (code !== 0) {
    throw new ScriptError('The desktop VS Code did not install the packaged extension.', undefined, { details: lastLines(output) });
  }
}

/**
 * Opens a folder in a window of desktop VS Code.
 * @param {Desktop & { folder: string, env: NodeJS.ProcessEnv }} desktop
 * @returns {import('./processes.mjs').Guarded} `closed` settles when the window is closed
 */
export function openDesktop({ folder, env, ...desktop }) {
  const [program, args] = throughShell(desktop.command, [...apart(desktop), '--new-window', '--wait', '--skip-welcome', folder]);
  return spawnGuarded(program, args, { env: { ...process.env, ...env } });
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function runCommand(command, args) {
  const [program, programArgs] = throughShell(command, args);
  return run(program, programArgs, { limitMs: 120_000 });
}

/**
 * Windows runs `.cmd` files only through its shell.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {[string, string[]]}
 */
function throughShell(command, args) {
  return command.endsWith('.cmd') ? ['cmd.exe', ['/d', '/s', '/c', command, ...args]] : [command, [...args]];
}
