import type { CodeExcerpt, EarlierStep, ReasoningRequest } from '../core/request';
import type { Run, RunAction, RunStep } from '../core/run';
import type { ToolArguments } from '../core/tool';
import { endingShape, isRecord, runShape, stepShape } from './noteShapes';
import type { ExcerptFacts, RunFacts, StepFacts } from './noteShapes';
import type { NotePart } from './region';
import { readParts, unreadableNote } from './region';

/** Facts with the texts before them, back to the facts before those. */
interface Section<Facts> {
  readonly facts: Facts;
  readonly texts: readonly { readonly name: string; readonly text: string }[];
}

/**
 * The run that a note holds: note → run. What people changed in its texts (a thought, an observation, the answer)
 * counts. A note whose run goes on, or whose end was never written, gives a run without an outcome.
 * @param root URI of the workspace folder of the note, to which its addresses are relative
 * @throws {StepwiseError} `unreadable-note` where the hidden parts are missing or damaged
 */
export function readNote(note: string, root?: string): Run {
  const sections = sectionsOf(readParts(note));
  const head = sections.find(({ name }) => name === 'run');
  if (head === undefined || !runShape(head.facts)) {
    throw unreadableNote();
  }
  const ending = shaped(sections, 'ending', endingShape).at(-1);
  const answer = ending === undefined ? '' : (textsOf(ending, 'answer')[0] ?? '');
  const steps = shaped(sections, 'step', stepShape).map((section) => readStep(section, answer));
  const { request, ...facts } = head.facts;
  return {
    ...facts,
    request: readRequest({ facts: request, texts: head.texts }, steps, root),
    steps,
    answer,
    ...(ending?.facts ?? {}),
  };
}

function readRequest(section: Section<RunFacts['request']>, steps: readonly RunStep[], root: string | undefined): ReasoningRequest {
  const { code, attachments, earlierSteps, ...facts } = section.facts;
  const question = facts.question ?? textsOf(section, 'question')[0];
  const attached = textsOf(section, 'attachment');
  if (question === undefined) {
    throw unreadableNote();
  }
  return {
    ...facts,
    question,
    ...(code === undefined ? {} : { code: readExcerpt(code, textsOf(section, 'code')[0], root) }),
    ...(attachments === undefined ? {} : { attachments: attachments.map((excerpt, index) => readExcerpt(excerpt, attached[index], root)) }),
    ...(earlierSteps === undefined ? {} : { earlierSteps: typeof earlierSteps === 'number' ? steps.slice(0, earlierSteps).map(earlierStep) : earlierSteps }),
  };
}

function readExcerpt(facts: ExcerptFacts, text: string | undefined, root: string | undefined): CodeExcerpt {
  if (text === undefined) {
    throw unreadableNote();
  }
  const uri = root === undefined ? facts.uri : facts.uri.replace(/^workspace:/, () => `${root}/`);
  return { ...facts, uri, text };
}

function earlierStep({ title, thought, actions }: RunStep): EarlierStep {
  return {
    title,
    thought,
    actions: actions.map(({ tool, args, observation, isError }) => ({ tool, args, observation: observation ?? '', isError })),
  };
}

function readStep(section: Section<StepFacts>, finalAnswer: string): RunStep {
  const { actions, aroundAnswer, ...facts } = section.facts;
  const reply = textsOf(section, 'reply')[0] ?? '';
  return {
    ...facts,
    notices: [...facts.notices],
    thought: textsOf(section, 'thought')[0] ?? '',
    answer: aroundAnswer === undefined ? reply : `${aroundAnswer.before}${finalAnswer.trim()}${aroundAnswer.after}`,
    actions: actions.map((action, index) => readAction(action, callTexts(section, index))),
  };
}

/** The texts of the call with this number: its arguments, and what follows them up to those of the next. */
function callTexts({ texts }: Section<unknown>, index: number): readonly { readonly name: string; readonly text: string }[] {
  const starts = texts.flatMap(({ name }, at) => (name === 'arguments' ? [at] : []));
  const start = starts[index];
  return start === undefined ? [] : texts.slice(start, starts[index + 1]);
}

function readAction(facts: StepFacts['actions'][number], texts: readonly { readonly name: string; readonly text: string }[]): RunAction {
  const observation = texts.find(({ name }) => name === 'observation')?.text;
  return { ...facts, args: readArguments(texts[0]?.text), ...(observation === undefined ? {} : { observation }) };
}

function readArguments(text: string | undefined): ToolArguments {
  try {
    const value: unknown = JSON.parse(text ?? '');
    if (isRecord(value)) {
      return value;
    }
  } catch (error) {
    throw unreadableNote(error);
  }
  throw unreadableNote();
}

function sectionsOf(parts: readonly NotePart[]): readonly (Section<unknown> & { readonly name: string })[] {
  const sections: (Section<unknown> & { readonly name: string })[] = [];
  let texts: { readonly name: string; readonly text: string }[] = [];
  for (const part of parts) {
    if (part.type === 'text') {
      texts.push(part);
    } else {
      sections.push({ name: part.name, facts: part.value, texts });
      texts = [];
    }
  }
  return sections;
}

/** The sections of a name, whose facts must have the shape. */
function shaped<Facts>(
  sections: ReturnType<typeof sectionsOf>,
  name: 'step' | 'ending',
  shape: (value: unknown) => value is Facts,
): readonly Section<Facts>[] {
  return sections
    .filter((section) => section.name === name)
    .map(({ facts, texts }) => {
      if (!shape(facts)) {
        throw unreadableNote();
      }
      return { facts, texts };
    });
}

function textsOf({ texts }: Section<unknown>, name: string): readonly string[] {
  return texts.flatMap((text) => (text.name === name ? [text.text] : []));
}
