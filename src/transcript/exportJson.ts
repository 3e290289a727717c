import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { CodeExcerpt } from '../core/request';
import type { Run } from '../core/run';
import { relativeUri } from './markdown';
import { isRecord, wholeRunShape } from './noteShapes';

/*
 * A run as JSON, for programs:
 *
 *     { "format": "stepwise-run", "version": 1, "run": { … } }
 *
 * `run` is a `Run` of core/run.ts, times in ms, lines from 1. Addresses within the workspace folder are relative to it
 * and begin with `workspace:`. A new field may come without a new version; one that changes its meaning may not.
 */

/** What an exported file says it is. */
export const exportFormat = 'stepwise-run';

/** The version of the form that this code writes. */
export const exportVersion = 1;

/** A run as the text of a JSON file. `root`: URI of the workspace folder, without a slash at the end. */
export function runJson(run: Run, root?: string): string {
  const value = { format: exportFormat, version: exportVersion, run: withUris(run, (uri) => relativeUri(uri, root)) };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * The run that a JSON file holds.
 * @param root URI of the workspace folder to which its addresses are relative
 * @throws {StepwiseError} `unreadable-note` for anything that `runJson` did not write
 */
export function readRunJson(text: string, root?: string): Run {
  const value = parsed(text);
  if (!isRecord(value) || value['format'] !== exportFormat || value['version'] !== exportVersion || !wholeRunShape(value['run'])) {
    throw new StepwiseError('unreadable-note', t('This file holds no run that Stepwise exported.'));
  }
  return withUris(value['run'], (uri) => (root === undefined ? uri : uri.replace(/^workspace:/, () => `${root}/`)));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Told below, as any other file that holds no run.
    return undefined;
  }
}

function withUris(run: Run, change: (uri: string) => string): Run {
  const { code, attachments } = run.request;
  const changed = (excerpt: CodeExcerpt): CodeExcerpt => ({ ...excerpt, uri: change(excerpt.uri) });
  return {
    ...run,
    request: {
      ...run.request,
      ...(code === undefined ? {} : { code: changed(code) }),
      ...(attachments === undefined ? {} : { attachments: attachments.map(changed) }),
    },
  };
}
