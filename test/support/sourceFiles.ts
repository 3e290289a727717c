import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** The root of the repository. */
export const repositoryRoot = path.resolve(import.meta.dirname, '../..');

/** A TypeScript file under `src/`. */
export interface SourceFile {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file under `src/`, in order of its path. */
export function readSources(): readonly SourceFile[] {
  return readdirSync(path.join(repositoryRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort()
    .map((file) => ({
      path: `src/${file.replaceAll('\\', '/')}`,
      text: readFileSync(path.join(repositoryRoot, 'src', file), 'utf8'),
    }));
}

/** A JSON file of the repository. */
export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(path.join(repositoryRoot, file), 'utf8'));
}
