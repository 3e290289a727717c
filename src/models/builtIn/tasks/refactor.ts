import { t } from '../../../core/l10n';
import { findSmells } from '../checks/structure';
import type { Situation } from '../conversation';
import { foundUses, hasAsked, placeOf } from '../lookups';
import { closing, inlineCode, section } from '../markdown';
import type { Reply, Wish } from '../reply';
import { complexityWish, ownReport, reportedComplexity } from '../report';
import type { CodeFunction } from '../syntax/code';
import { inputsOf } from '../syntax/code';
import { nodesOf, shorten } from '../syntax/nodes';
import { roleOf } from '../syntax/roles';
import type { View } from '../view';
import { cite, citeLines, describe, loopDepth, loopsOf, outerFunctions } from '../view';
import { findingLines } from './findings';

/** Most functions that the table has. */
const maxFunctions = 40;

/** The next reply to a request for a refactoring: cost and callers first, then what the measures say. */
export async function refactorReply(situation: Situation, view: View): Promise<Reply> {
  const symbol = view.focus?.name ?? '';
  const wishes: Wish[] = [];
  if (!situation.mustAnswer && !hasAsked(situation, 'analyze_complexity') && !hasAsked(situation, 'find_references')) {
    if (situation.tools.has('analyze_complexity')) {
      wishes.push(complexityWish(view, false));
    }
    if (symbol !== '' && situation.tools.has('find_references')) {
      wishes.push({ tool: 'find_references', args: { symbol, ...placeOf(situation, view) } });
    }
  }
  if (wishes.length > 0) {
    return { thought: `${describe(view)} ${t('What it costs shows where a change pays, and who calls it shows what must stay the same.')}`, wishes };
  }
  return { thought: t('I measure the functions and look for patterns that have a simpler or cheaper form.'), wishes: [], answer: await proposal(situation, view) };
}

async function proposal(situation: Situation, view: View): Promise<string> {
  const { code, focus } = view;
  if (code === undefined) {
    return [t('I cannot parse this code ({0}), so I cannot measure it.', view.excerpt.languageId), ...closing('')].join('\n');
  }
  const found = findSmells(code);
  const functions = focus === undefined ? outerFunctions(code) : [focus];
  const report = (reportedComplexity(situation, view) ?? (await ownReport(view)))?.report;
  const uses = foundUses(situation.past, focus?.name ?? '');
  return [
    found.length === 0
      ? t('By its measures this code needs no refactoring: nothing is long, deep or repeated, and no loop does work that has a cheaper form.')
      : found.length === 1 ? t('One place could be simpler or cheaper:') : t('{0} places could be simpler or cheaper:', found.length),
    ...findingLines(view, found),
    ...section(t('Measures'), [
      t('| Function | Lines | Branches | Nested loops | Inputs |'),
      '| --- | --: | --: | --: | --: |',
      ...functions.slice(0, maxFunctions).map((fn) => measures(view, fn)),
    ]),
    ...(report === undefined || report.time.expression === 'unknown' ? [] : ['', t('Cost now: time {0}, space {1}.', report.time.expression, report.space.expression)]),
    ...section(t('Who calls it'), uses.slice(0, 10).map(({ path, line, text }) => `- ${citeLines(path, line)}: ${inlineCode(shorten(text, 100))}`)),
    ...(uses.length > 0 ? ['', t('Its name, its inputs and its result must stay as they are for these places.')] : []),
    ...closing(t('It measures and matches patterns; it writes no new code, and whether names and parts fit their purpose it cannot tell.')),
  ].join('\n');
}

function measures(view: View, fn: CodeFunction): string {
  const { code } = view;
  const lines = fn.node.endLine - fn.node.startLine + 1;
  const branches = [...nodesOf(fn.body, true)].filter((node) => ['branch', 'conditional', 'choice'].includes(roleOf(node) ?? '')).length;
  const loops = loopsOf({ ...view, focus: fn });
  const depth = loops.length === 0 ? 0 : 1 + Math.max(...loops.map((loop) => loopDepth(loop, loops)));
  return `| ${inlineCode(fn.name)}${code === undefined ? '' : ` (${cite(code, fn.node)})`} | ${String(lines)} | ${String(branches)} | ${String(depth)} | ${String(inputsOf(fn).length)} |`;
}
