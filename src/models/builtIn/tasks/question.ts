import type { TaskKind } from '../../../core/request';
import { t } from '../../../core/l10n';
import { findBugs } from '../checks/bugs';
import { findRisks } from '../checks/security';
import type { Situation } from '../conversation';
import { foundDefinitions, foundUses, hasAsked, placeOf } from '../lookups';
import { closing, inlineCode, section } from '../markdown';
import type { Reply } from '../reply';
import { ownReport } from '../report';
import { shorten } from '../syntax/nodes';
import type { View } from '../view';
import { citeLines, describe, outerCalls, outerFunctions } from '../view';

/** Words that tell which task a question is, in English and Chinese. */
const taskPatterns: readonly (readonly [RegExp, TaskKind])[] = [
  [/complexit|big.?o\b|\bo\(|how (?:fast|slow|expensive)|running time|runtime|scale|performance|复杂度|性能|多快|多慢/i, 'complexity'],
  [/secur|vulnerab|exploit|inject|attack|安全|漏洞|注入/i, 'security'],
  [/\bbugs?\b|wrong|mistake|fail|crash|error|错误|缺陷|问题在哪|出错/i, 'bugs'],
  [/\btests?\b|test cases?|edge cases?|测试|用例/i, 'tests'],
  [/refactor|simplif|clean|improve|shorter|faster|重构|简化|改进|优化/i, 'refactor'],
  [/explain|what does|how does|walk|step by step|describe|understand|解释|说明|做什么|怎么工作|讲解/i, 'explain'],
];

/** The task that the words of a question ask for, or undefined. */
export function taskOfWords(question: string): TaskKind | undefined {
  return taskPatterns.find(([pattern]) => pattern.test(question))?.[1];
}

/** The name that a question asks the uses of: "where is `gap` used". */
export function askedName(question: string): string | undefined {
  const isAboutUse = /\b(?:where|who|which)\b[\s\S]*\b(?:used|uses?|called|calls?|defined|references?)\b|用在|调用|在哪里定义|引用/i.test(question);
  return isAboutUse ? /`([\p{L}_$][\p{L}\p{N}_$]*)(?:\(\))?`|\b(?:is|are|calls?|uses?)\s+([\p{L}_$][\p{L}\p{N}_$]*)\b/u.exec(question)?.slice(1).find((name) => (name as string | undefined) !== undefined) : undefined;
}

/** The next reply to a question that is no known task: looks up a name where one is asked for, else tells what the code shows. */
export async function questionReply(situation: Situation, view: View): Promise<Reply> {
  const named = askedName(situation.question);
  const name = named === undefined || ['it', 'this', 'that', 'the'].includes(named.toLowerCase()) ? view.focus?.name : named;
  const wantsUses = named !== undefined;
  if (wantsUses && name !== undefined && name !== '') {
    if (!situation.mustAnswer && situation.tools.has('find_references') && !hasAsked(situation, 'find_references')) {
      return { thought: t('The question is where `{0}` is used. I look it up.', name), wishes: [{ tool: 'find_references', args: { symbol: name, ...placeOf(situation, view) } }] };
    }
    return { thought: t('I answer with the places that were found.'), wishes: [], answer: usesAnswer(situation, name) };
  }
  return { thought: `${describe(view)} ${t('The question is a free one; I answer with what the structure shows.')}`, wishes: [], answer: await overview(view) };
}

function usesAnswer({ past }: Situation, name: string): string {
  const definition = foundDefinitions(past).find((found) => found.name === name);
  const uses = foundUses(past, name);
  return [
    definition === undefined ? t('I found no definition of `{0}` in the workspace.', name) : t('`{0}` is defined in {1}.', name, citeLines(definition.path, definition.line)),
    ...section(t('Uses'), uses.length === 0 ? [t('None was found.')] : uses.slice(0, 40).map(({ path, line, text }) => `- ${citeLines(path, line)}: ${inlineCode(shorten(text, 100))}`)),
    ...closing(t('Places are found by name where no language server is at work, so others of the same name may be among them.')),
  ].join('\n');
}

async function overview(view: View): Promise<string> {
  const { code, excerpt } = view;
  const report = (await ownReport(view))?.report;
  const functions = code === undefined ? [] : outerFunctions(code);
  const bugs = code === undefined ? 0 : findBugs(code).length;
  const risks = code === undefined ? 0 : findRisks(code).length;
  const calls = outerCalls(view);
  return [
    t('I cannot answer free questions: I am an analyzer and understand the structure of code, not the meaning of a question. This is what the code shows:'),
    '',
    `- ${describe(view)}`,
    ...(functions.length > 1 ? [`- ${t('It defines {0}.', functions.slice(0, 12).map((fn) => inlineCode(fn.name)).join(', '))}`] : []),
    ...(calls.length > 0 ? [`- ${t('It calls code from elsewhere: {0}.', calls.slice(0, 8).map(({ call, line }) => `${inlineCode(call.name)} (${citeLines(excerpt.path, line)})`).join(', '))}`] : []),
    ...(report === undefined || report.time.expression === 'unknown' ? [] : [`- ${t('In the worst case it takes time {0} and space {1}.', report.time.expression, report.space.expression)}`]),
    ...(bugs > 0 ? [`- ${t('{0} places look like bugs; ask for “Find bugs”.', bugs)}`] : []),
    ...(risks > 0 ? [`- ${t('{0} places look like security risks; ask for a “Security review”.', risks)}`] : []),
    '',
    t('I can answer these: complexity, a step-by-step explanation, bugs, security, tests, refactoring, and where a name is used (“where is `name` used?”).'),
    ...closing(t('For other questions it has no knowledge.')),
  ].join('\n');
}

/** The answer where there is no code to look at. */
export function withoutCode(situation: Situation): string {
  return [
    situation.isFollowUp
      ? t('I have no code in front of me for this question: earlier answers are words to me, not knowledge.')
      : t('I have no code in front of me, and without code I know nothing: I am an analyzer, not a language model.'),
    '',
    t('Select code, or place the cursor in a function, and ask again: for complexity, an explanation, bugs, security, tests or a refactoring. In chat, attach the file or the selection.'),
    ...closing(t('Questions without code are beyond it.')),
  ].join('\n');
}
