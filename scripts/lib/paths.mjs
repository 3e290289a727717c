import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

/** The repository's root folder, absolute. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/u, '');

/** What the scripts download, and the data of the VS Code that they start. Ignored by git, kept between runs. */
export const downloads = join(root, '.vscode-test');

/** Compiled suites and intermediate bundles. Ignored by git, safe to delete. */
export const cache = join(root, '.cache');

/** What a run leaves behind for people: results, logs, screenshots. Ignored by git. */
export const artifacts = join(root, 'artifacts');

/** The built extension. */
export const dist = join(root, 'dist');

/** The sample workspace; `npm start` and the suites work on copies of it. */
export const sampleWorkspace = join(root, 'test', 'workspace');
