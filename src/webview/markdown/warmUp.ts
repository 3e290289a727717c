import { MarkdownView } from './markdownView';

/** What answers nearly always have: its parts are made ready one by one. */
const samples = ['Some `code` and **more**.', '```python\nx = 1\n```', '$n^2$'];

/**
 * Makes parser, highlighter and formulas ready while the page has nothing to do: the first use of each takes a
 * moment, which would be felt in the middle of a stream.
 */
export function warmUpMarkdown(): void {
  const place = document.createElement('div');
  const services = { copy: () => undefined, openSource: () => undefined };
  const next = (at: number): void => {
    const sample = samples[at];
    if (sample !== undefined) {
      requestIdleCallback(() => {
        const view = new MarkdownView(place, services);
        view.setText(sample, true);
        view.render(0);
        next(at + 1);
      }, { timeout: 2000 });
    }
  };
  next(0);
}
