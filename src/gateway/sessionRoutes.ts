import type { Hono } from 'hono';
import type { SessionStore } from '../app/sessions';
import { checked, RequestFault } from './http';
import { httpError } from './httpErrors';
import { activeSessionsQuery, pageQuery } from './schemas';

const hourMs = 3_600_000;

/** Adds the routes about sessions: list, one, its messages, its history, deletion. */
export function addSessionRoutes(app: Hono, sessions: SessionStore): void {
  app.get('/v1/chat/sessions/active', async (context) => {
    const query = checked(activeSessionsQuery, context.req.query());
    const cutoffTime = query.cutoffTime ?? Date.now() - hourMs;
    const found = await sessions.active(cutoffTime);
    return context.json({ sessions: found, total: found.length, cutoffTime });
  });
  app.get('/v1/chat/sessions/:id', async (context) =>
    context.json(found(await sessions.find(context.req.param('id')), context.req.param('id'))),
  );
  app.get('/v1/chat/sessions/:id/messages', async (context) => {
    const sessionId = context.req.param('id');
    const { limit, offset } = checked(pageQuery, context.req.query());
    const messages = found(await sessions.messages(sessionId), sessionId);
    return context.json({ sessionId, messages: messages.slice(offset, offset + limit), total: messages.length, limit, offset });
  });
  app.get('/v1/chat/sessions/:id/history', async (context) => {
    const sessionId = context.req.param('id');
    const messages = found(await sessions.messages(sessionId), sessionId);
    const trajectories = found(await sessions.trajectories(sessionId), sessionId);
    return context.json({ sessionId, messages, trajectories });
  });
  app.delete('/v1/chat/sessions/:id', async (context) => {
    const sessionId = context.req.param('id');
    if (!(await sessions.remove(sessionId))) {
      throw missing(sessionId);
    }
    return context.json({ sessionId, deleted: true });
  });
}

function found<Value>(value: Value | undefined, sessionId: string): Value {
  if (value === undefined) {
    throw missing(sessionId);
  }
  return value;
}

function missing(sessionId: string): RequestFault {
  return new RequestFault(httpError(404, 'not_found', `There is no session ${sessionId}.`, 'sessionId'));
}
