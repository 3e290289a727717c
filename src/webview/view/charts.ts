import { t } from '../../core/l10n';
import type { RunStep } from '../../core/run';
import { formatDuration } from '../../core/text';
import type { Growth } from '../growth';
import { sampleSizes, shortNumber } from '../growth';
import { element, svgElement } from './dom';

const rowHeight = 22;
/** Most bars of a chart: beyond that, neighbours are put together. */
const mostBars = 40;

interface Bar {
  readonly label: string;
  readonly ms: number;
}

/** Bars for the thinking time of each step. The figures stand beside the bars, so that nothing is told by length alone. */
export function thinkingChart(steps: readonly RunStep[]): HTMLElement {
  const bars = barsOf(steps);
  const longest = Math.max(1, ...bars.map(({ ms }) => ms));
  const rows = bars.map(({ label, ms }, index) => {
    const y = index * rowHeight;
    return svgElement(
      'g',
      {},
      svgElement('text', { x: 0, y: y + 15, class: 'chart-text' }, label),
      svgElement('rect', { x: '15%', y: y + 4, width: `${String((ms / longest) * 65)}%`, height: rowHeight - 8, rx: 2, class: 'chart-bar' }),
      svgElement('text', { x: '100%', y: y + 15, class: 'chart-text chart-number' }, formatDuration(ms)),
    );
  });
  const summary = bars.map(({ label, ms }) => `${label}: ${formatDuration(ms)}`).join(', ');
  return element(
    'figure',
    { class: 'chart' },
    element('figcaption', {}, t('Thinking time of each step')),
    svgElement('svg', { role: 'img', 'aria-label': t('Thinking time of each step: {0}', summary), width: '100%', height: bars.length * rowHeight }, ...rows),
  );
}

function barsOf(steps: readonly RunStep[]): readonly Bar[] {
  const perBar = Math.ceil(steps.length / mostBars);
  const bars: Bar[] = [];
  for (let start = 0; start < steps.length; start += perBar) {
    const part = steps.slice(start, start + perBar);
    const [first, last] = [part[0]?.index ?? 0, part.at(-1)?.index ?? 0];
    bars.push({ label: first === last ? String(first) : `${String(first)}–${String(last)}`, ms: part.reduce((sum, step) => sum + step.thinkingMs, 0) });
  }
  return bars;
}

/** A curve of the growth plot. */
export interface GrowthCurve {
  readonly name: string;
  readonly growth: Growth;
  readonly kind: 'claim' | 'derived' | 'reference';
}

const width = 360;
const height = 200;
const margin = { left: 44, right: 12, top: 10, bottom: 26 };

/** Curves of operations over the size of the input, with a switch between linear and logarithmic axes. */
export function growthChart(curves: readonly GrowthCurve[]): HTMLElement {
  let isLog = false;
  const place = element('div', { class: 'growth-plot' });
  const logSwitch = element('button', { type: 'button', class: 'button secondary small', 'aria-pressed': 'false' }, t('Logarithmic axes'));
  logSwitch.addEventListener('click', () => {
    isLog = !isLog;
    logSwitch.setAttribute('aria-pressed', String(isLog));
    place.replaceChildren(growthPlot(curves, isLog));
  });
  place.append(growthPlot(curves, isLog));
  const legend = curves.map(({ name, kind }) => element('li', { class: `legend-${kind}` }, svgElement('svg', { width: 22, height: 8, 'aria-hidden': 'true' }, svgElement('line', { x1: 0, y1: 4, x2: 22, y2: 4, class: `curve curve-${kind}` })), name));
  return element(
    'figure',
    { class: 'chart' },
    element('figcaption', {}, t('Operations over the size n of the input'), logSwitch),
    place,
    element('ul', { class: 'legend' }, ...legend),
  );
}

function growthPlot(curves: readonly GrowthCurve[], isLog: boolean): SVGSVGElement {
  const main = curves.filter(({ kind }) => kind !== 'reference');
  // So far that the tallest curve of interest is seen as what it is, and does not leave the numbers that a person can picture.
  const largest = main.some(({ growth }) => growth.operations(40) > 1e11) ? 20 : isLog ? 10_000 : 100;
  const top = Math.max(isLog ? 10 : 1, ...main.map(({ growth }) => growth.operations(largest)));
  const x = (n: number): number => {
    const part = isLog ? Math.log(n) / Math.log(largest) : (n - 1) / (largest - 1);
    return margin.left + part * (width - margin.left - margin.right);
  };
  const y = (value: number): number => {
    const part = isLog ? Math.log(Math.max(1, value)) / Math.log(top) : value / top;
    return height - margin.bottom - Math.min(1.02, part) * (height - margin.top - margin.bottom);
  };
  const lines = curves.map(({ growth, kind }) => {
    const points = sampleSizes(largest, 80, isLog)
      .filter((n) => growth.operations(n) <= top * 1.02)
      .map((n) => `${x(n).toFixed(1)},${y(growth.operations(n)).toFixed(1)}`);
    return svgElement('polyline', { points: points.join(' '), class: `curve curve-${kind}` });
  });
  const ticksX = isLog ? powersOfTen(largest) : [1, largest / 2, largest];
  const ticksY = isLog ? [1, top ** 0.5, top] : [0, top / 2, top];
  const label = t('Curves of growth: {0}', main.map(({ name }) => name).join(', '));
  return svgElement(
    'svg',
    { role: 'img', 'aria-label': label, viewBox: `0 0 ${String(width)} ${String(height)}`, class: 'growth' },
    svgElement('path', { d: `M${String(margin.left)} ${String(margin.top)}V${String(height - margin.bottom)}H${String(width - margin.right)}`, class: 'axis' }),
    ...ticksX.map((n, index) => svgElement('text', { x: x(n), y: height - 9, class: `chart-text ${index === 0 ? 'at-start' : index === ticksX.length - 1 ? 'at-end' : 'at-middle'}` }, `n = ${shortNumber(n)}`)),
    ...ticksY.map((value) => svgElement('text', { x: margin.left - 6, y: y(value) + 4, class: 'chart-text at-end' }, shortNumber(value))),
    ...ticksY.slice(1).map((value) => svgElement('line', { x1: margin.left, x2: width - margin.right, y1: y(value), y2: y(value), class: 'grid' })),
    ...lines,
  );
}

function powersOfTen(largest: number): readonly number[] {
  const powers: number[] = [];
  for (let n = 1; n <= largest; n *= 10) {
    powers.push(n);
  }
  return powers.length <= 3 ? powers : powers.filter((_, index) => index % 2 === 0);
}
