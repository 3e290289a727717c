/** How steps are named in the content of a response. */
export interface Wording {
  step(index: number): string;
  readonly analysis: string;
  readonly finalAnswer: string;
  readonly error: string;
}

/** The wording of the self-thinking document. */
const chinese: Wording = {
  step: (index) => `[思考步骤 ${String(index)}]`,
  analysis: 'AI分析',
  finalAnswer: '最终答案',
  error: '错误',
};

const english: Wording = {
  step: (index) => `[Step ${String(index)}]`,
  analysis: 'Analysis',
  finalAnswer: 'Final answer',
  error: 'Error',
};

/** The wording for the language of a question: Chinese where it has Chinese characters, else English. */
export function wordingFor(question: string): Wording {
  return /\p{Script=Han}/u.test(question) ? chinese : english;
}
