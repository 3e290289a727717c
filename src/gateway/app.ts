import type { Context } from 'hono';
import { Hono } from 'hono';
import { toStepwiseError } from '../core/errors';
import type { ModelInfo } from '../core/model';
import { AdmissionQueue } from './admission';
import { answerChat } from './chatRoute';
import { checkRequest, checkSource } from './guard';
import { GatewayRuns } from './gatewayRuns';
import { readBody, RequestFault, sendError } from './http';
import { httpError, httpErrorOf, refusalError } from './httpErrors';
import { addLessonRoutes } from './lessonRoutes';
import { openApiDocument } from './openapi';
import type { GatewayParts, GatewayState } from './parts';
import { interruptRequest } from './schemas';
import { addSessionRoutes } from './sessionRoutes';
import { answerSimpleStream } from './simpleStream';

/** Most runs at once, and most requests that wait for a place. */
const mostRuns = 8;
const mostWaiting = 32;
/** The routes of the gateway, without a server around them. */
export interface GatewayApp {
  readonly fetch: (request: Request) => Response | Promise<Response>;
  /** Stops all runs. */
  close(): Promise<void>;
}

/** Builds the routes. `port` tells on which port the server listens, once it does. */
export function createGatewayApp(parts: GatewayParts, port: () => number): GatewayApp {
  const state: GatewayState = {
    parts,
    runs: new GatewayRuns(parts.runner, parts.sessions, parts.onFailure),
    admission: new AdmissionQueue(mostRuns, mostWaiting),
  };
  const app = new Hono();
  app.use('*', async (context: Context, next) => {
    const headers = {
      host: context.req.header('host'),
      origin: context.req.header('origin'),
      authorization: context.req.header('authorization'),
    };
    const options = { token: parts.token, port: port(), allowedOrigins: parts.allowedOrigins };
    // Health says nothing that is worth a token; a preflight cannot carry one.
    const open = context.req.path === '/healthz' || context.req.method === 'OPTIONS';
    const refusal = open ? checkSource(headers, options) : checkRequest(headers, options);
    if (refusal !== undefined) {
      return sendError(context, refusalError(refusal));
    }
    if (headers.origin !== undefined) {
      context.header('access-control-allow-origin', headers.origin);
      context.header('vary', 'Origin');
    }
    await next();
    return undefined;
  });
  app.options('*', (context) => {
    context.header('access-control-allow-methods', 'GET, POST, DELETE');
    context.header('access-control-allow-headers', 'authorization, content-type');
    return context.body(null, 204);
  });
  app.get('/healthz', (context) => context.json({ status: 'ok', ...state.admission.load }));
  app.get('/openapi.json', (context) => context.json(openApiDocument()));
  app.get('/v1/models', async (context) => context.json(modelList(await parts.models())));
  app.get('/v1/models/:id{.+}', async (context) => {
    const id = context.req.param('id');
    const model = (await parts.models()).find((each) => each.id === id);
    return model === undefined
      ? sendError(context, httpError(404, 'model_not_found', `There is no model ${id}. See /v1/models.`, 'model'))
      : context.json(modelObject(model));
  });
  app.post('/v1/chat/completions', (context) => answerChat(context, state));
  app.post('/v1/chat/simple-stream', (context) => answerSimpleStream(context, state));
  app.post('/v1/interrupt', async (context) => {
    const { requestId } = await readBody(context, interruptRequest);
    return state.runs.interrupt(requestId)
      ? context.json({ requestId, interrupted: true })
      : sendError(context, httpError(404, 'not_found', `No run with the id ${requestId} goes on.`, 'requestId'));
  });
  addSessionRoutes(app, parts.sessions);
  addLessonRoutes(app, state);
  app.notFound((context) =>
    sendError(context, httpError(404, 'not_found', `There is no ${context.req.method} ${context.req.path}. See /openapi.json.`)),
  );
  app.onError((error, context) => {
    if (error instanceof RequestFault) {
      return sendError(context, error.fault);
    }
    const known = toStepwiseError(error);
    if (known.code === 'internal') {
      parts.onFailure(error);
    }
    return sendError(context, httpErrorOf(known));
  });
  return {
    fetch: (request) => app.fetch(request),
    async close() {
      state.admission.close();
      await state.runs.close();
    },
  };
}

function modelList(models: readonly ModelInfo[]): Record<string, unknown> {
  return {
    object: 'list',
    data: models.map(modelObject),
  };
}

function modelObject(model: ModelInfo): Record<string, unknown> {
  return { id: model.id, object: 'model', created: 0, owned_by: model.vendor };
}
