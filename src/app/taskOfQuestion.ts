import type { TaskKind } from '../core/request';

/** A question that plainly asks for one of the tasks, in English or Chinese; a plain `question` otherwise. */
export function taskOfQuestion(question: string): TaskKind {
  return patterns.find(([, pattern]) => pattern.test(question))?.[0] ?? 'question';
}

/** Checked in order: a question about complexity may well mention tests or bugs. */
const patterns: readonly (readonly [TaskKind, RegExp])[] = [
  ['complexity', /\bbig[\s-]?(o|theta)\b|\bO\(|\b(time|space|memory|runtime|algorithmic|asymptotic)[\s-]+complexit|\bcomplexity\b|\b(sub)?(quadratic|cubic|logarithmic|linearithmic)\b|\b(constant|linear|exponential|polynomial) time\b|复杂度/i],
  ['security', /\bvulnerab|\bsecur(e|ity)\b|\binjection\b|\bexploit|安全|漏洞|注入/i],
  ['bugs', /\bbugs?\b|\bdefects?\b|\bwhat(?:'s| is) wrong\b|缺陷|错误在|有没有错/i],
  ['tests', /\b(which|what|suggest|write|missing|need)\b.*\b(unit )?tests?\b|\btest cases?\b|测试用例|单元测试/i],
  ['refactor', /\brefactor|\bsimplif(y|ied)\b|重构/i],
  ['explain', /\bexplain\b|\bwhat does\b.*\bdo\b|\bhow does\b.*\bwork\b|解释|说明这段/i],
];
