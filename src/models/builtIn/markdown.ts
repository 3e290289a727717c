import { t } from '../../core/l10n';

/** A section of an answer: a heading and lines, or nothing where there are no lines. */
export function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `### ${heading}`, '', ...lines];
}

/** A text as inline code, whatever backticks it has (CommonMark, section 6.1). */
export function inlineCode(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
  const mark = '`'.repeat(longest + 1);
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${mark}${space}${text}${space}${mark}`;
}

/** Says how many functions an answer leaves out, where it does. */
export function moreFunctions(count: number): readonly string[] {
  return count <= 0 ? [] : [t('{0} more functions are left out; select one to see it.', count)];
}

/** The end of every answer: who speaks, and where its knowledge ends. */
export function closing(limits: string): readonly string[] {
  return [
    '',
    '---',
    '',
    `*${t('This is the built-in analyzer: it reads the structure of the code and runs nothing.')} ${limits} ${t('A language model can judge what the code is meant to do; choose one with “Choose Model”.')}*`,
  ];
}
