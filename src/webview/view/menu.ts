import { element, icon } from './dom';

/** One entry of a menu. */
export interface MenuEntry {
  readonly title: string;
  /** A second line, quieter. */
  readonly facts?: string;
  readonly icon?: string;
  /** How far the entry is moved in, as a branch of the one above it. */
  readonly depth?: number;
  /** True for what is shown now. */
  readonly isCurrent?: boolean;
  /** Left out for what cannot be pressed. */
  onPress?(): void;
}

/** A button that unfolds a list of entries. Escape and leaving it close it; the arrow keys go through it. */
export function menu(options: { readonly icon: string; readonly label: string; readonly text?: string; readonly entries: readonly MenuEntry[]; readonly class?: string }): HTMLDetailsElement {
  const { label, text, entries } = options;
  const summary = text === undefined
    ? element('summary', { class: 'icon-button', title: label, 'aria-label': label }, icon(options.icon))
    : element('summary', { class: options.class ?? 'button secondary', title: label }, icon(options.icon), text);
  const list = element('ul', { class: 'menu-list' }, ...entries.map((entry) => element('li', {}, entryElement(entry, close))));
  const made = element('details', { class: 'menu' }, summary, list);
  function close(): void {
    made.open = false;
  }
  made.addEventListener('toggle', () => {
    if (made.open) {
      moveIntoPage(list);
    }
  });
  made.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && made.open) {
      made.open = false;
      summary.focus();
      event.stopPropagation();
    } else if (made.open && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      move(made, event.key === 'ArrowDown' ? 1 : -1);
      event.preventDefault();
      event.stopPropagation();
    }
  });
  made.addEventListener('focusout', (event) => {
    if (!(event.relatedTarget instanceof Node && made.contains(event.relatedTarget))) {
      made.open = false;
    }
  });
  return made;
}

/** Unfolds the menu in a place, with the focus on it; false where there is none. */
export function openMenu(place: HTMLElement): boolean {
  const found = place.querySelector<HTMLDetailsElement>('details.menu');
  if (found === null) {
    return false;
  }
  found.open = true;
  found.querySelector('summary')?.focus();
  found.scrollIntoView({ block: 'nearest' });
  return true;
}

/** Distance that a menu keeps from the edges of the page, in px. */
const margin = 8;

function moveIntoPage(list: HTMLElement): void {
  list.style.translate = '';
  const { left, right } = list.getBoundingClientRect();
  const shift = Math.max(margin - left, Math.min(0, document.documentElement.clientWidth - margin - right));
  list.style.translate = shift === 0 ? '' : `${String(shift)}px 0`;
}

function move(root: HTMLElement, by: 1 | -1): void {
  const buttons = [...root.querySelectorAll<HTMLButtonElement>('button.menu-entry')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[at === -1 ? (by === 1 ? 0 : buttons.length - 1) : (at + by + buttons.length) % buttons.length]?.focus();
}

function entryElement(entry: MenuEntry, close: () => void): HTMLElement {
  const content = [
    element('span', { class: 'menu-title' }, ...(entry.icon === undefined ? [] : [icon(entry.icon)]), entry.title),
    ...(entry.facts === undefined ? [] : [element('span', { class: 'facts' }, entry.facts)]),
  ];
  const depth = entry.depth === undefined || entry.depth === 0 ? '' : ` is-depth-${String(Math.min(entry.depth, 6))}`;
  if (entry.onPress === undefined) {
    return element('div', { class: `menu-entry is-fixed${depth}`, 'aria-current': entry.isCurrent === true ? 'true' : undefined }, ...content);
  }
  const button = element('button', { type: 'button', class: `menu-entry${depth}`, 'aria-current': entry.isCurrent === true ? 'true' : undefined }, ...content);
  button.addEventListener('click', () => {
    close();
    entry.onPress?.();
  });
  return button;
}
