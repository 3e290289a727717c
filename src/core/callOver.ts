/**
 * The reason for which a call is aborted that nobody waits for any more. Made once: the platform's own reason costs a
 * stack trace each time.
 */
export const callOver: Error = new Error('The call is over.');
