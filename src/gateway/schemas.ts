import { z } from 'zod';

/** Message content as OpenAI has it: text, or parts of which the text ones count. */
const content = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  z.null(),
]);

const toolCall = z.looseObject({
  id: z.string(),
  type: z.literal('function').optional(),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
});

const message = z
  .looseObject({
    role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
    content: content.optional(),
    tool_calls: z.array(toolCall).nullish(),
    tool_call_id: z.string().optional(),
  })
  .meta({ id: 'Message' });

const toolName = z.string().regex(/^\w{1,64}$/, 'letters, digits and underscores only');

/** A tool as the self-thinking document writes it; `parameters` is a JSON Schema, or `{name: "type"}` for short. */
const toolDefinition = z
  .looseObject({
    name: toolName,
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
  })
  .meta({ id: 'ToolDefinition' });

const openAiTool = z.looseObject({ type: z.literal('function'), function: toolDefinition });

const selfThinking = z
  .looseObject({
    enabled: z.boolean().optional(),
    maxIterations: z.number().int().min(1).max(25).default(5),
    includeThoughtsInResponse: z.boolean().default(true),
    systemPrompt: z.string().optional(),
    additionalPrompts: z.array(z.string()).default([]),
    tools: z.array(toolDefinition).default([]),
    enableStreamThoughts: z.boolean().default(false),
    thoughtsAs: z.enum(['content', 'reasoning_content']).default('content'),
  })
  .meta({ id: 'SelfThinking' });

/** Body of `POST /v1/chat/completions`. */
export const chatCompletionRequest = z
  .looseObject({
    model: z.string().optional(),
    messages: z.array(message).min(1),
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().optional() }).nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    max_tokens: z.number().int().min(1).nullish(),
    max_completion_tokens: z.number().int().min(1).nullish(),
    stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
    user: z.string().nullish(),
    tools: z.array(openAiTool).nullish(),
    selfThinking: selfThinking.optional(),
    session_id: z.string().min(1).max(128).optional(),
  })
  .meta({ id: 'ChatCompletionRequest' });

export type ChatCompletionRequest = z.infer<typeof chatCompletionRequest>;
export type ChatCompletionMessage = z.infer<typeof message>;
export type ClientToolDefinition = z.infer<typeof toolDefinition>;
export type SelfThinking = z.infer<typeof selfThinking>;

/** What a request that says nothing of thinking means, for models that can only answer through the loop. */
export const selfThinkingDefaults: SelfThinking = {
  maxIterations: 5,
  includeThoughtsInResponse: false,
  additionalPrompts: [],
  tools: [],
  enableStreamThoughts: false,
  thoughtsAs: 'content',
};

/** Body of `POST /v1/chat/simple-stream`. */
export const simpleStreamRequest = z
  .looseObject({
    model: z.string().min(1),
    messages: z.array(message).min(1),
    temperature: z.number().min(0).max(2).nullish(),
    max_tokens: z.number().int().min(1).nullish(),
    user: z.string().nullish(),
  })
  .meta({ id: 'SimpleStreamRequest' });

export type SimpleStreamRequest = z.infer<typeof simpleStreamRequest>;

/** Body of `POST /v1/interrupt`. */
export const interruptRequest = z.looseObject({ requestId: z.string().min(1) }).meta({ id: 'InterruptRequest' });

/** Query of `GET /v1/chat/sessions/active`: epoch ms, or -1 for every session. */
export const activeSessionsQuery = z.looseObject({ cutoffTime: z.coerce.number().int().min(-1).optional() });

/** Query of `GET /v1/chat/sessions/:id/messages`. */
export const pageQuery = z.looseObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  offset: z.coerce.number().int().min(0).default(0),
});

/** Body of `POST /v1/chat/sessions/:id/lessons`: which of its runs to look at; the newest ones if left out. */
export const lessonsRequest = z
  .looseObject({ model: z.string().optional(), requestIds: z.array(z.string()).max(100).optional() })
  .meta({ id: 'LessonsRequest' });

const lessonText = z.string().min(1).max(2000);
const entryId = z.string().regex(/^[\w-]{1,40}$/, 'letters, digits, - and _ only');

const playbookOperation = z.discriminatedUnion('type', [
  z.object({ type: z.literal('add'), text: lessonText }),
  z.object({ type: z.literal('update'), id: entryId, text: lessonText }),
  z.object({ type: z.literal('merge'), ids: z.array(entryId).min(2), text: lessonText }),
  z.object({ type: z.literal('ignore') }),
]);

/** Body of `POST /v1/playbook`: operations that a person agreed to. */
export const playbookRequest = z.looseObject({ operations: z.array(playbookOperation).min(1).max(100) }).meta({ id: 'PlaybookRequest' });

/** Body of `POST /v1/playbook/:entry/feedback`. */
export const playbookFeedback = z.looseObject({ outcome: z.enum(['helped', 'hurt']) }).meta({ id: 'PlaybookFeedback' });

/** The schemas that `openapi.json` names. */
export const bodySchemas = {
  chatCompletionRequest,
  simpleStreamRequest,
  interruptRequest,
  lessonsRequest,
  playbookRequest,
  playbookFeedback,
} as const;
