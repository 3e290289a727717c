import type { Hono } from 'hono';
import type { PlaybookStore } from '../app/playbookStore';
import { proposeLessons } from '../app/reflector';
import { admit } from './admit';
import { usageOf } from './completionFormat';
import { readBody, RequestFault } from './http';
import { httpError } from './httpErrors';
import type { GatewayState } from './parts';
import { lessonsRequest, playbookFeedback, playbookRequest } from './schemas';

/**
 * Adds the routes about lessons: what the runs of a session teach (proposals, which change nothing), the playbook,
 * operations that a person agreed to, and counts of helped and hurt.
 */
export function addLessonRoutes(app: Hono, state: GatewayState): void {
  const { sessions } = state.parts;
  app.post('/v1/chat/sessions/:id/lessons', async (context) => {
    const sessionId = context.req.param('id');
    const { model: modelId, requestIds } = await readBody(context, lessonsRequest);
    const playbook = playbookOf(state);
    const all = await sessions.trajectories(sessionId);
    if (all === undefined) {
      throw new RequestFault(httpError(404, 'not_found', `There is no session ${sessionId}.`, 'sessionId'));
    }
    const chosen = requestIds === undefined ? all : all.filter(({ requestId }) => requestIds.includes(requestId));
    const { signal } = context.req.raw;
    const admission = await admit(state, signal);
    try {
      const model = await state.parts.model(modelId);
      const { proposals, usage } = await proposeLessons(model, chosen, await playbook.entries(), signal);
      await sessions.noteReflection(sessionId);
      return context.json({ sessionId, runs: chosen.length, proposals, usage: usageOf(usage) });
    } finally {
      admission.release();
    }
  });
  app.get('/v1/playbook', async (context) => context.json({ entries: await playbookOf(state).entries() }));
  app.post('/v1/playbook', async (context) => {
    const { operations } = await readBody(context, playbookRequest);
    const playbook = playbookOf(state);
    const outcomes = await playbook.apply(operations);
    return context.json({ outcomes, entries: await playbook.entries() });
  });
  app.post('/v1/playbook/:entry/feedback', async (context) => {
    const id = context.req.param('entry');
    const { outcome } = await readBody(context, playbookFeedback);
    const playbook = playbookOf(state);
    if (!(await playbook.countFeedback(id, outcome))) {
      throw new RequestFault(httpError(404, 'not_found', `The playbook has no entry ${id}.`, 'entry'));
    }
    return context.json({ entry: (await playbook.entries()).find((entry) => entry.id === id) });
  });
}

function playbookOf(state: GatewayState): PlaybookStore {
  const { playbook } = state.parts;
  if (playbook === undefined) {
    throw new RequestFault(httpError(404, 'not_found', 'There is no playbook, because no workspace folder is open.'));
  }
  return playbook;
}
