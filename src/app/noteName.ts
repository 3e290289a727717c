import { t } from '../core/l10n';

/** Names of devices on Windows, with any ending: https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const reservedNames = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** Most bytes of a name in UTF-8 with its ending, as file systems have it. */
const mostBytes = 255;

/** The file name that a person means: `.md` at its end, no white space around it. */
export function noteFileNameOf(written: string): string {
  const name = written.trim();
  return /\.md$/i.test(name) ? name : `${name}.md`;
}

/** Why a name cannot be that of a note on every system, translated; undefined for one that can. */
export function nameProblem(written: string): string | undefined {
  const name = noteFileNameOf(written);
  if (/^\.?md$|^\.md$/i.test(name) || name.replace(/\.md$/i, '').trim() === '') {
    return t('Write a name.');
  }
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  if (/[\\/:*?"<>|\u0000-\u001f]/.test(name)) {
    return t('A name cannot have any of these characters: {0}', '\\ / : * ? " < > |');
  }
  if (name.startsWith('.')) {
    return t('A name that begins with a dot would hide the note.');
  }
  if (reservedNames.test(name)) {
    return t('This name is reserved on Windows.');
  }
  return new TextEncoder().encode(name).length > mostBytes ? t('This name is too long.') : undefined;
}
