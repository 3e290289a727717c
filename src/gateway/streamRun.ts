import type { Context } from 'hono';
import { stream } from 'hono/streaming';
import type { Admission } from './admission';
import type { EventStream, ServerSentEvent } from './eventStream';
import { formatServerSentEvent } from './eventStream';
import type { GatewayRun } from './gatewayRuns';
import { runUsage } from './runUsage';

/** Sets the headers of a stream of events. */
export function prepareEventStream(context: Context): void {
  context.header('content-type', 'text/event-stream; charset=utf-8');
  context.header('cache-control', 'no-cache, no-transform');
  // Proxies between here and the client must not hold events back.
  context.header('x-accel-buffering', 'no');
}

/** Streams a run until it ends or its client has calls to carry out. A client that goes away stops the run. */
export function streamRun(context: Context, run: GatewayRun, events: EventStream, admission: Admission): Response {
  prepareEventStream(context);
  return stream(context, async (output) => {
    let ended = false;
    output.onAbort(() => {
      if (!ended) {
        run.handle.cancel();
      }
    });
    let pending = '';
    let writing: Promise<void> | undefined;
    // Events that come while others are being written go out together.
    const flush = async (): Promise<void> => {
      while (pending !== '') {
        const text = pending;
        pending = '';
        await output.write(text);
      }
      writing = undefined;
    };
    const write = (batch: readonly ServerSentEvent[]): void => {
      if (batch.length > 0) {
        pending += batch.map(formatServerSentEvent).join('');
        writing ??= flush();
      }
    };
    try {
      write(events.begin());
      await new Promise<void>((resolve) => {
        run.attach((update) => {
          write(update.type === 'pause' ? events.pause(update.calls, runUsage(run)) : events.add(update.event));
          if (update.type === 'pause' || update.event.type === 'run-end') {
            resolve();
          }
        });
      });
      ended = true;
      run.attach(undefined);
      await writing;
    } finally {
      admission.release();
    }
  });
}
