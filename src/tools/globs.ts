import picomatch from 'picomatch';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';

/** Longest glob that is taken, in characters: matching grows with it. */
const maxGlobLength = 1000;

/**
 * A matcher for relative paths with `/`: a glob without a `/` is matched against the file's name at any depth, one
 * that ends with `/` against everything below. Hidden files match like others. Throws `bad-arguments`.
 */
export function globMatcher(glob: string | undefined): (path: string) => boolean {
  const pattern = glob?.trim().replaceAll('\\', '/').replace(/^(?:\.?\/)+/, '') ?? '';
  if (pattern === '' || pattern === '**' || pattern === '**/*') {
    return () => true;
  }
  if (pattern.length > maxGlobLength) {
    throw new StepwiseError('bad-arguments', t('The glob is too long.'));
  }
  const whole = pattern.endsWith('/') ? `${pattern}**` : pattern;
  // Braces may hold alternatives with a path in them, so only a pattern without any `/` is one for names.
  const anchored = whole.includes('/') ? whole : `**/${whole}`;
  try {
    return picomatch(anchored, { dot: true });
  } catch (error) {
    throw new StepwiseError('bad-arguments', t('"{0}" is not a glob pattern.', glob ?? ''), { cause: error });
  }
}

/** Folders that are never listed or searched, though no ignore file may name them: packages, caches, earlier notes. */
export const excludedFolders: ReadonlySet<string> = new Set([
  'node_modules', 'bower_components', '__pycache__', '.venv', 'venv', '.tox', '.nox', '.mypy_cache', '.pytest_cache',
  '.ruff_cache', '.gradle', '.terraform', '.next', '.nuxt', '.svelte-kit', '.turbo', '.cache', '.parcel-cache',
  '.vscode-test', '.idea', '.vs', '.eggs', '.yarn', '.pnpm-store', '.reasoning',
]);
