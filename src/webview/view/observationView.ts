import { t } from '../../core/l10n';
import { sliceWhole } from '../../core/text';
import { element } from './dom';

/** Lines of one block. Blocks that are out of sight are not laid out (`content-visibility`). */
const linesPerBlock = 100;
/** Longest block in characters; a single line that is longer goes on in the next block. */
const longestBlock = 20_000;
/** Characters that are put in at once; the rest follows frame by frame. */
const perFrame = 200_000;

/** Cuts a text into blocks of whole lines, in order; together they are the text, with the line breaks between them. */
export function textBlocks(text: string): readonly string[] {
  const blocks: string[] = [];
  let start = 0;
  while (start < text.length) {
    let end = start;
    for (let lines = 0; lines < linesPerBlock && end !== -1 && end - start < longestBlock; lines += 1) {
      end = text.indexOf('\n', end + (lines === 0 ? 0 : 1));
      if (end === -1) {
        break;
      }
    }
    const stop = end === -1 ? text.length : end;
    if (stop - start > longestBlock * 1.5) {
      const part = sliceWhole(text.slice(start, start + longestBlock + 1), longestBlock);
      blocks.push(part);
      start += part.length;
    } else {
      blocks.push(text.slice(start, stop));
      start = stop + 1;
    }
  }
  return blocks;
}

/**
 * What a tool returned, folded. Its elements are made when it is opened for the first time, the rest of a long text
 * frame by frame, so that no text is too long for it.
 */
export function observationView(observation: string, isError: boolean): HTMLElement {
  const lines = countLines(observation);
  const summary = element(
    'summary',
    {},
    isError ? t('Error') : t('Observation'),
    element('span', { class: 'facts' }, lines === 1 ? t('1 line') : t('{0} lines', lines)),
  );
  const view = element('details', { class: 'observation' }, summary);
  view.addEventListener('toggle', () => {
    if (view.open && view.childElementCount === 1) {
      const text = element('div', { class: 'observation-text', tabindex: 0, role: 'group', 'aria-label': t('Observation') });
      view.append(text);
      fill(text, textBlocks(observation));
    }
  });
  return view;
}

function fill(target: HTMLElement, blocks: readonly string[]): void {
  let next = 0;
  const add = (): void => {
    const fragment = document.createDocumentFragment();
    for (let added = 0; next < blocks.length && added < perFrame; next += 1) {
      const block = blocks[next] ?? '';
      const made = element('div', { class: 'observation-block' }, block);
      // Estimates the height of what is not laid out yet, for a steady scroll bar.
      made.style.setProperty('--lines', String(countLines(block)));
      fragment.append(made);
      added += block.length;
    }
    target.append(fragment);
    if (next < blocks.length && target.isConnected) {
      requestAnimationFrame(add);
    }
  };
  add();
}

function countLines(text: string): number {
  if (text === '') {
    return 0;
  }
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < text.length - 1; at = text.indexOf('\n', at + 1)) {
    lines += 1;
  }
  return lines;
}
