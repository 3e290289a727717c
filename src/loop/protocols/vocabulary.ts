/**
 * The words of the protocol and of the dialects that models fall back to: tag names and special tokens.
 */
import type { ToolNames } from './toolNames';

/**
 * What a tag is for. `call`, `function` and `invoke` are other models' actions, `input` holds the arguments of
 * `<action>tool</action>`, `wrapper` surrounds calls, `token` is a special token such as `<|im_end|>`.
 */
export type TagFamily =
  | 'thought' | 'action' | 'answer' | 'observation' | 'tool' | 'call' | 'function' | 'invoke' | 'input' | 'wrapper' | 'token';

const FAMILIES: Readonly<Partial<Record<TagFamily, readonly string[]>>> = {
  thought: ['thought', 'thoughts', 'think', 'thinking', 'reasoning', '思考', '想法'],
  action: ['action', '行动', '动作'],
  answer: ['answer', 'final_answer', '回答', '答案', '最终答案'],
  observation: ['observation', '观察', '观察结果', 'tool_response', 'tool_result', 'function_results', 'function_result', 'tool_output'],
  call: ['tool_call'],
  function: ['function'],
  invoke: ['invoke'],
  input: ['action_input', '行动输入', '动作输入'],
  wrapper: ['function_calls'],
  token: ['end_of_turn', 'start_of_turn'],
};

const FAMILY_OF = new Map<string, TagFamily>(
  Object.entries(FAMILIES).flatMap(([family, names]) => names.map((name) => [name, family as TagFamily] as const)),
);

/** Tokens with which a model ends its turn; nothing after them counts. */
export const END_OF_TURN: ReadonlySet<string> = new Set([
  'im_end', 'eot_id', 'eom_id', 'return', 'endoftext', 'end_of_sentence', 'end_of_turn',
]);

const ACTION_TOKENS = ['tool_call_begin', 'tool_calls_begin', 'tool_calls_section_begin', 'tool_call_argument_begin', 'tool_call_end', 'tool_sep', 'python_tag'];
const OTHER_TOKENS = [...END_OF_TURN, 'im_start', 'start', 'end', 'channel', 'message', 'call', 'constrain', 'start_header_id', 'end_header_id', 'begin_of_text'];

/** The family of a tag name (lower case, no prefix, no zero-width characters), or `undefined` for a foreign tag. */
export function familyOf(name: string, tools: ToolNames): TagFamily | undefined {
  return FAMILY_OF.get(name) ?? (tools.find(name) === undefined ? undefined : 'tool');
}

/** Whether an opening tag of this family asks for a tool. */
export function isCallFamily(family: TagFamily): boolean {
  return family === 'action' || family === 'tool' || family === 'call' || family === 'function' || family === 'invoke';
}

// A tool's name cut after one or two letters may as well be any other tag.
const SHORTEST_TOOL_PREFIX = 3;

/** What a name that is cut off at the end of the output may become. */
export function completionsOf(prefix: string, tools: ToolNames): { any: boolean; onlyAction: boolean } {
  let any = false;
  let other = false;
  for (const [name, family] of FAMILY_OF) {
    if (!name.startsWith(prefix)) continue;
    any = true;
    // `function` opens a call only as `<function=`; `function_calls` around calls is a call begun, too.
    if (!isCallFamily(family) && family !== 'wrapper' && family !== 'input') other = true;
  }
  for (const tool of tools.all) {
    if (!tool.toLowerCase().startsWith(prefix)) continue;
    any = true;
    if (prefix.length < SHORTEST_TOOL_PREFIX) other = true;
  }
  return { any, onlyAction: any && !other };
}

/** What a special token that is cut off at the end of the output (`im_e` of `<|im_e`) may become. */
export function tokenCompletionsOf(prefix: string): { any: boolean; onlyAction: boolean } {
  const action = ACTION_TOKENS.some((token) => token.startsWith(prefix));
  const other = OTHER_TOKENS.some((token) => token.startsWith(prefix));
  return { any: action || other, onlyAction: action && !other };
}
