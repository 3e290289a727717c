/** What can be put into an element: another one, text, or nothing. */
export type Child = Node | string | undefined;

/** Attributes of an element. `false` and undefined leave one out, `true` sets it empty. */
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A new element. Text is put in as text: there is no way here to put in markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  setAttributes(made, attributes);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** A new SVG element. */
export function svgElement<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  setAttributes(made, attributes);
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** One of VS Code's icons, which says nothing to screen readers: what it stands by does. */
export function icon(name: string, extraClass = ''): HTMLElement {
  return element('span', { class: `codicon codicon-${name} ${extraClass}`.trim(), 'aria-hidden': 'true' });
}

/** A button with a text. */
export function textButton(label: string, onPress: () => void, options: { readonly icon?: string; readonly kind?: 'primary' | 'secondary' | 'link' } = {}): HTMLButtonElement {
  const made = element(
    'button',
    { type: 'button', class: `button ${options.kind ?? 'secondary'}` },
    ...(options.icon === undefined ? [] : [icon(options.icon)]),
    label,
  );
  made.addEventListener('click', onPress);
  return made;
}

/** A button that is an icon; its name is shown on hover and told to screen readers. */
export function iconButton(name: string, label: string, onPress: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', class: 'icon-button', title: label, 'aria-label': label }, icon(name));
  made.addEventListener('click', onPress);
  return made;
}

/** A button that copies a text and says for a moment that it did. */
export function copyButton(label: string, done: string, copy: () => void): HTMLButtonElement {
  let timer: number | undefined;
  const made = iconButton('copy', label, () => {
    copy();
    made.replaceChildren(icon('check'));
    made.title = done;
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      made.replaceChildren(icon('copy'));
      made.title = label;
    }, 1500);
  });
  return made;
}

/** Puts `text` into an element, if it is another one: an unchanged text costs no layout and no announcement. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      target.setAttribute(name, value === true ? '' : String(value));
    }
  }
}
