import { z } from 'zod';
import { bodySchemas } from './schemas';

const pathId = { name: 'id', in: 'path', required: true, schema: { type: 'string' } } as const;

/** The description of the API, made from the very schemas that requests are checked with. */
export function openApiDocument(): Record<string, unknown> {
  const { chatCompletionRequest, simpleStreamRequest, interruptRequest, lessonsRequest, playbookRequest, playbookFeedback } = bodySchemas;
  return {
    openapi: '3.1.0',
    info: { title: 'Stepwise reasoning API', version: '1' },
    security: [{ bearer: [] }],
    paths: {
      '/v1/chat/completions': { post: operation('A chat completion, thinking step by step where selfThinking.enabled is true', chatCompletionRequest) },
      '/v1/chat/simple-stream': { post: operation('One streamed reply: no thinking, no session', simpleStreamRequest) },
      '/v1/chat/sessions/active': {
        get: {
          ...operation('Sessions with activity since cutoffTime'),
          parameters: [{ name: 'cutoffTime', in: 'query', schema: { type: 'integer', minimum: -1 } }],
        },
      },
      '/v1/chat/sessions/{id}': {
        parameters: [pathId],
        get: operation('One session'),
        delete: operation('Deletes a session'),
      },
      '/v1/chat/sessions/{id}/messages': {
        parameters: [pathId],
        get: {
          ...operation('Messages of a session'),
          parameters: [
            { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 } },
            { name: 'offset', in: 'query', schema: { type: 'integer', minimum: 0, default: 0 } },
          ],
        },
      },
      '/v1/chat/sessions/{id}/history': { parameters: [pathId], get: operation('Messages and trajectories of a session') },
      '/v1/chat/sessions/{id}/lessons': {
        parameters: [pathId],
        post: operation('Proposes lessons from the runs of a session; changes nothing', lessonsRequest),
      },
      '/v1/playbook': {
        get: operation('The playbook'),
        post: operation('Carries out operations on the playbook that a person agreed to', playbookRequest),
      },
      '/v1/playbook/{entry}/feedback': {
        parameters: [{ name: 'entry', in: 'path', required: true, schema: { type: 'string' } }],
        post: operation('Counts that an entry helped a run, or did harm', playbookFeedback),
      },
      '/v1/interrupt': { post: operation('Stops a run', interruptRequest) },
      '/v1/models': { get: operation('The models that can be named') },
      '/v1/models/{id}': { parameters: [pathId], get: operation('One model') },
      '/healthz': { get: { ...operation('Whether the server is up'), security: [] } },
    },
    components: {
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Error: {
          type: 'object',
          properties: {
            error: {
              type: 'object',
              properties: {
                message: { type: 'string' },
                type: { type: 'string' },
                code: { type: 'string' },
                param: { type: ['string', 'null'] },
              },
              required: ['message', 'type', 'code', 'param'],
            },
          },
          required: ['error'],
        },
      },
    },
  };
}

function operation(summary: string, body?: z.ZodType): Record<string, unknown> {
  const failure = { description: 'Error', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } };
  return {
    summary,
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: z.toJSONSchema(body, { io: 'input', reused: 'inline' }) } } } }),
    responses: { 200: { description: 'OK' }, default: failure },
  };
}
