import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import type { Trajectory } from './trajectory';

/** Where sessions are kept: one append-only text per session. Ids are safe as file names. */
export interface SessionFiles {
  ids(): Promise<readonly string[]>;
  /** The whole text; empty for a session that was never written. */
  read(id: string): Promise<string>;
  /** Appends whole lines; settles when they are written. */
  append(id: string, lines: string): Promise<void>;
  /** Puts `text` in the place of the whole text: after a crash there is either the old text or the new one. */
  replace(id: string, text: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** A message as a session keeps it. */
export interface SessionMessage {
  readonly role: 'user' | 'assistant';
  readonly content: string;
  /** Epoch ms. */
  readonly at: number;
  readonly requestId: string;
}

/** What happened in a session, one line each, in order. */
type SessionRecord =
  | { readonly type: 'session'; readonly at: number }
  | ({ readonly type: 'message' } & SessionMessage)
  | { readonly type: 'run-start'; readonly at: number; readonly requestId: string; readonly task: string; readonly input: string }
  | { readonly type: 'run-end'; readonly at: number; readonly trajectory: Trajectory }
  | { readonly type: 'reflection'; readonly at: number };

export type SessionStatus = 'active' | 'idle' | 'completed' | 'archived';

/** A session as the API shows it. Times are epoch ms. */
export interface SessionSummary {
  readonly sessionId: string;
  readonly createdAt: number;
  readonly lastActivityAt: number;
  readonly activeGoals: readonly string[];
  readonly reflectionCount: number;
  readonly lastReflectionTime: number | null;
  readonly status: SessionStatus;
  readonly metadata: { readonly messageCount: number; readonly runCount: number };
}

export interface SessionLimits {
  /** Most sessions that are kept; the least recently used goes first. */
  readonly mostSessions: number;
  /** Age after the last activity at which a session goes, in ms. */
  readonly longestAgeMs: number;
  /** Most runs that a session keeps; the oldest goes first. */
  readonly mostRuns: number;
}

const defaultLimits: SessionLimits = { mostSessions: 500, longestAgeMs: 30 * 24 * 3_600_000, mostRuns: 200 };
const hourMs = 3_600_000;
const archivedAfterMs = 7 * 24 * hourMs;

interface Session {
  readonly id: string;
  readonly createdAt: number;
  lastActivityAt: number;
  messages: SessionMessage[];
  readonly trajectories: Trajectory[];
  /** Runs that began and did not end, with their questions. */
  readonly open: Map<string, { readonly task: string; readonly input: string; readonly at: number }>;
  reflectionCount: number;
  lastReflectionTime: number | null;
}

/**
 * Conversations over the API and the trajectories of their runs, kept across restarts. A run that had begun when the
 * process ended is there as `interrupted`; a line that was cut off in mid-write is passed over.
 */
export class SessionStore {
  readonly #files: SessionFiles;
  readonly #limits: SessionLimits;
  readonly #now: () => number;
  readonly #sessions = new Map<string, Session>();
  #loaded: Promise<void> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(files: SessionFiles, limits: Partial<SessionLimits> = {}, now: () => number = Date.now) {
    this.#files = files;
    this.#limits = { ...defaultLimits, ...limits };
    this.#now = now;
  }

  /** Sessions with activity since `cutoff` (epoch ms), or every one with messages for -1; newest activity first. */
  async active(cutoff: number): Promise<readonly SessionSummary[]> {
    await this.#load();
    return [...this.#sessions.values()]
      .filter((session) => (cutoff === -1 ? session.messages.length > 0 : session.lastActivityAt >= cutoff))
      .sort((first, second) => second.lastActivityAt - first.lastActivityAt)
      .map((session) => this.#summary(session));
  }

  async find(id: string): Promise<SessionSummary | undefined> {
    await this.#load();
    const session = this.#sessions.get(id);
    return session === undefined ? undefined : this.#summary(session);
  }

  /** Messages, oldest first; undefined where there is no such session. */
  async messages(id: string): Promise<readonly SessionMessage[] | undefined> {
    await this.#load();
    return this.#sessions.get(id)?.messages;
  }

  /** Trajectories of all runs, oldest first; undefined where there is no such session. */
  async trajectories(id: string): Promise<readonly Trajectory[] | undefined> {
    await this.#load();
    return this.#sessions.get(id)?.trajectories;
  }

  /** A run begins: its question is kept before anything else can fail. Settles when it is written. */
  async beginRun(id: string, requestId: string, task: string, input: string): Promise<void> {
    await this.#load();
    const at = this.#now();
    const isNew = !this.#sessions.has(id);
    await this.#record(id, [
      ...(isNew ? [{ type: 'session', at } as const] : []),
      { type: 'message', role: 'user', content: input, at, requestId },
      { type: 'run-start', at, requestId, task, input },
    ]);
    await this.#prune();
  }

  /** A run has ended. Settles when its trajectory is written. */
  async endRun(id: string, trajectory: Trajectory): Promise<void> {
    await this.#load();
    const at = this.#now();
    const { requestId, result } = trajectory;
    await this.#record(id, [
      ...(result === '' ? [] : [{ type: 'message', role: 'assistant', content: result, at, requestId } as const]),
      { type: 'run-end', at, trajectory },
    ]);
  }

  /** Lessons were drawn from a session. */
  async noteReflection(id: string): Promise<void> {
    await this.#load();
    await this.#record(id, [{ type: 'reflection', at: this.#now() }]);
  }

  /** Removes a session; false where there is none. */
  async remove(id: string): Promise<boolean> {
    await this.#load();
    if (!this.#sessions.delete(id)) {
      return false;
    }
    await this.#serially(() => this.#files.remove(id));
    return true;
  }

  /** Settles when all that was recorded is written. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #load(): Promise<void> {
    this.#loaded ??= this.#readAll();
    await this.#loaded;
  }

  async #readAll(): Promise<void> {
    for (const id of await this.#files.ids()) {
      const text = await this.#files.read(id);
      const records = parseRecords(text);
      const kept = newestRuns(records, this.#limits.mostRuns);
      for (const record of kept) {
        this.#apply(id, record);
      }
      if (kept.length < records.length) {
        await this.#serially(() => this.#files.replace(id, kept.map(lineOf).join('')));
      } else if (text !== '' && !text.endsWith('\n')) {
        // What is appended next must not become part of a line that a crash cut off.
        await this.#serially(() => this.#files.append(id, '\n'));
      }
      closeOpenRuns(this.#sessions.get(id));
    }
    await this.#prune();
  }

  async #record(id: string, records: readonly SessionRecord[]): Promise<void> {
    for (const record of records) {
      this.#apply(id, record);
    }
    this.#forgetOldRuns(id);
    const lines = records.map(lineOf).join('');
    await this.#serially(() => this.#files.append(id, lines));
  }

  /** One write after the other; a failed one does not stop those after it. */
  async #serially(write: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(write);
    this.#writing = done.catch(() => undefined);
    try {
      await done;
    } catch (error) {
      throw new StepwiseError('internal', t('The session could not be saved. Check the free space and the rights of its folder.'), {
        cause: error,
      });
    }
  }

  #apply(id: string, record: SessionRecord): void {
    const session = this.#sessions.get(id) ?? newSession(id, record.at);
    this.#sessions.set(id, session);
    session.lastActivityAt = Math.max(session.lastActivityAt, record.at);
    switch (record.type) {
      case 'session':
        return;
      case 'message': {
        const { role, content, at, requestId } = record;
        session.messages.push({ role, content, at, requestId });
        return;
      }
      case 'run-start':
        session.open.set(record.requestId, record);
        return;
      case 'run-end':
        session.open.delete(record.trajectory.requestId);
        session.trajectories.push(record.trajectory);
        return;
      case 'reflection':
        session.reflectionCount += 1;
        session.lastReflectionTime = record.at;
    }
  }

  /** The file keeps them until it is read again. */
  #forgetOldRuns(id: string): void {
    const session = this.#sessions.get(id);
    const surplus = (session?.trajectories.length ?? 0) - this.#limits.mostRuns;
    if (session !== undefined && surplus > 0) {
      const gone = new Set(session.trajectories.splice(0, surplus).map(({ requestId }) => requestId));
      session.messages = session.messages.filter(({ requestId }) => !gone.has(requestId));
    }
  }

  async #prune(): Promise<void> {
    const oldest = this.#now() - this.#limits.longestAgeMs;
    const byAge = [...this.#sessions.values()].sort((first, second) => second.lastActivityAt - first.lastActivityAt);
    const gone = byAge.filter((session, index) => index >= this.#limits.mostSessions || session.lastActivityAt < oldest);
    for (const session of gone) {
      this.#sessions.delete(session.id);
      await this.#serially(() => this.#files.remove(session.id));
    }
  }

  #summary(session: Session): SessionSummary {
    return {
      sessionId: session.id,
      createdAt: session.createdAt,
      lastActivityAt: session.lastActivityAt,
      activeGoals: [...session.open.values()].map((run) => run.input),
      reflectionCount: session.reflectionCount,
      lastReflectionTime: session.lastReflectionTime,
      status: this.#status(session),
      metadata: {
        messageCount: session.messages.length,
        runCount: session.trajectories.length + session.open.size,
      },
    };
  }

  #status(session: Session): SessionStatus {
    const age = this.#now() - session.lastActivityAt;
    if (age < hourMs) {
      return 'active';
    }
    if (age > archivedAfterMs) {
      return 'archived';
    }
    return session.trajectories.at(-1)?.outcome === 'answered' ? 'completed' : 'idle';
  }
}

/** Runs that were going on when the last process ended will not go on: they are kept as interrupted. */
function closeOpenRuns(session: Session | undefined): void {
  for (const [requestId, { task, input, at }] of session?.open ?? []) {
    session?.trajectories.push({
      requestId,
      task,
      input,
      steps: [],
      result: '',
      outcome: 'interrupted',
      startedAt: at,
      durationMs: 0,
    });
  }
  session?.open.clear();
}

function newSession(id: string, at: number): Session {
  return {
    id,
    createdAt: at,
    lastActivityAt: at,
    messages: [],
    trajectories: [],
    open: new Map(),
    reflectionCount: 0,
    lastReflectionTime: null,
  };
}

function lineOf(record: SessionRecord): string {
  return `${JSON.stringify(record)}\n`;
}

/** The records without those of all but the newest `most` runs. */
function newestRuns(records: readonly SessionRecord[], most: number): readonly SessionRecord[] {
  const runs = records.flatMap((record) => (record.type === 'run-start' ? [record.requestId] : []));
  if (runs.length <= most) {
    return records;
  }
  const gone = new Set(runs.slice(0, runs.length - most));
  return records.filter((record) => {
    const id = record.type === 'run-end' ? record.trajectory.requestId : 'requestId' in record ? record.requestId : undefined;
    return id === undefined || !gone.has(id);
  });
}

function parseRecords(text: string): SessionRecord[] {
  return text.split('\n').flatMap((line) => {
    const record = parseRecord(line);
    return record === undefined ? [] : [record];
  });
}

function parseRecord(line: string): SessionRecord | undefined {
  if (line === '') {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : undefined;
  } catch {
    // Only a line that a crash cut off is not JSON: what it told is lost, the rest is not.
    return undefined;
  }
}

/** The files are our own: what has the right shape at its top was written by `#record`. */
function isRecord(value: unknown): value is SessionRecord {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    'at' in value &&
    typeof value.at === 'number' &&
    typeof value.type === 'string' &&
    ['session', 'message', 'run-start', 'run-end', 'reflection'].includes(value.type)
  );
}
