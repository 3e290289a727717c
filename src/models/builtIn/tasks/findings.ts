import { t } from '../../../core/l10n';
import { bugCheckCount, findBugs } from '../checks/bugs';
import type { Finding, FindingSeverity } from '../checks/finding';
import { findRisks, securityCheckCount } from '../checks/security';
import type { Situation } from '../conversation';
import { foundUses, hasAsked, hasFile, placeOf } from '../lookups';
import { closing, inlineCode, section } from '../markdown';
import type { Reply } from '../reply';
import { shorten } from '../syntax/nodes';
import type { View } from '../view';
import { cite, citeLines, describe } from '../view';

/** The next reply to a search for bugs: what the editor reports first, then the patterns. */
export function bugsReply(situation: Situation, view: View): Reply {
  const found = view.code === undefined ? [] : findBugs(view.code);
  if (!situation.mustAnswer && hasFile(view.excerpt) && situation.tools.has('diagnostics') && !hasAsked(situation, 'diagnostics')) {
    return {
      thought: `${describe(view)} ${firstImpression(view, found)} ${t('I also ask what compilers and linters report for the file.')}`,
      wishes: [{ tool: 'diagnostics', args: { path: view.excerpt.path } }],
    };
  }
  const reported = reportedLines(situation, view);
  const lines = [
    found.length === 0
      ? t('None of the {0} patterns of bugs that I look for occurs in this code.', bugCheckCount)
      : found.length === 1 ? t('One place deserves a look:') : t('{0} places deserve a look, the worst first:', found.length),
    ...findingLines(view, found),
    ...section(t('What the editor reports'), reported),
    ...unread(view),
    ...closing(t('It finds patterns that are often wrong; a bug in the logic itself it cannot see, and no finding is no proof.')),
  ];
  return { thought: `${firstImpression(view, found)} ${reported.length > 0 ? t('The editor reports {0} problems in these lines.', reported.length) : ''}`.trim(), wishes: [], answer: lines.join('\n') };
}

/** The next reply to a security review: who calls the code first, then the patterns. */
export function securityReply(situation: Situation, view: View): Reply {
  const found = view.code === undefined ? [] : findRisks(view.code);
  const symbol = view.focus?.name ?? '';
  if (!situation.mustAnswer && symbol !== '' && situation.tools.has('find_references') && !hasAsked(situation, 'find_references')) {
    return {
      thought: `${describe(view)} ${firstImpression(view, found)} ${t('Who calls it decides whether its inputs can come from outside.')}`,
      wishes: [{ tool: 'find_references', args: { symbol, ...placeOf(situation, view) } }],
    };
  }
  const uses = foundUses(situation.past, symbol);
  const lines = [
    found.length === 0
      ? t('I found nothing: none of the {0} kinds of risks that I look for occurs in this code.', securityCheckCount)
      : found.length === 1 ? t('One place is a risk:') : t('{0} places are risks, the worst first:', found.length),
    ...findingLines(view, found),
    ...section(t('Who calls it'), uses.slice(0, 10).map(({ path, line, text }) => `- ${citeLines(path, line)}: ${inlineCode(shorten(text, 100))}`)),
    ...unread(view),
    ...closing(t('It knows dangerous calls and follows a value back over one or two assignments, not through the whole program.')),
  ];
  return { thought: firstImpression(view, found), wishes: [], answer: lines.join('\n') };
}

const severities: readonly FindingSeverity[] = ['high', 'medium', 'low'];

function severityText(severity: FindingSeverity): string {
  switch (severity) {
    case 'high':
      return t('high');
    case 'medium':
      return t('medium');
    case 'low':
      return t('low');
  }
}

/** Findings as a numbered list, the worst first, each with its line as it stands in the code. */
export function findingLines({ code, excerpt }: View, found: readonly Finding[]): readonly string[] {
  if (code === undefined) {
    return [];
  }
  const source = excerpt.text.split('\n');
  const sorted = [...found].sort((first, second) => severities.indexOf(first.severity) - severities.indexOf(second.severity) || first.node.start - second.node.start);
  return sorted.slice(0, 30).flatMap(({ node, severity, text, fix }, index) => [
    ...(index === 0 ? [''] : []),
    `${String(index + 1)}. **${cite(code, node)}** (${severityText(severity)}): ${text}  `,
    `   ${inlineCode(shorten(source[node.startLine - 1] ?? '', 120))}  `,
    `   ${t('Instead: {0}', fix)}`,
  ]);
}

function firstImpression({ code, excerpt }: View, found: readonly Finding[]): string {
  if (code === undefined) {
    return t('I cannot parse {0}, so I can only pass on what other tools report.', excerpt.languageId);
  }
  if (found.length === 0) {
    return t('The patterns that I look for do not occur in it.');
  }
  const places = [...new Set(found.slice(0, 6).map(({ node }) => code.line(node)))].join(', ');
  return t('I see something at the lines {0}: {1}', places, found[0]?.text ?? '');
}

/** Lines of the tool's report about the code in question. */
function reportedLines({ past }: Situation, { excerpt }: View): readonly string[] {
  const result = past.findLast((action) => action.tool === 'diagnostics' && !action.isError)?.result ?? '';
  return [...result.matchAll(/^(.+):(\d+):\d+: (error|warning|information|hint)(?: \(([^)]*)\))?: (.*)$/gm)].flatMap((match) => {
    const line = Number(match[2]);
    const isInside = line >= excerpt.range.startLine && line <= excerpt.range.endLine;
    return isInside ? [`- ${citeLines(match[1] ?? '', line)} ${match[4] === undefined ? '' : `(${match[4]}) `}${shorten(match[5] ?? '', 300)}`] : [];
  });
}

/** Says so where the code could not be read. */
function unread({ code, excerpt }: View): readonly string[] {
  return code === undefined ? ['', t('The language {0} is not one that I can parse, so its code was not looked at.', excerpt.languageId)] : [];
}
