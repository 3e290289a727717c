import type { Admission } from './admission';
import { RequestFault } from './http';
import { httpError } from './httpErrors';
import type { GatewayState } from './parts';

/** A place among the runs; throws 429 where all are taken and the queue is full. */
export async function admit(state: GatewayState, signal: AbortSignal): Promise<Admission> {
  const admission = await state.admission.enter(signal);
  if (admission === undefined) {
    throw new RequestFault(httpError(429, 'rate_limit_exceeded', 'Too many requests run and wait. Try again in a few seconds.'));
  }
  return admission;
}
