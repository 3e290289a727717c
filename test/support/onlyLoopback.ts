import net from 'node:net';

const loopback = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;
// It is called with its socket below.
// eslint-disable-next-line @typescript-eslint/unbound-method
const connect = net.Socket.prototype.connect;

/** Makes every connection to another machine throw: no request of a test leaves the machine. */
net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]): net.Socket {
  const first = Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0];
  const host =
    typeof first === 'object' && first !== null && 'host' in first
      ? (first as { host?: unknown }).host
      : args[1];
  if (typeof host === 'string' && !loopback.test(host)) {
    throw new Error(`A test tried to reach ${host}. Tests talk to loopback only.`);
  }
  return Reflect.apply(connect, this, args) as net.Socket;
};
