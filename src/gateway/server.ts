import { createAdaptorServer } from '@hono/node-server';
import type { Server } from 'node:http';
import { StepwiseError } from '../core/errors';
import { t } from '../core/l10n';
import { createGatewayApp } from './app';
import type { GatewayParts } from './parts';

/** Bounded times of connections, in ms. */
export interface ConnectionTimes {
  /** For a client to send its headers. */
  readonly headersMs: number;
  /** For a client to send its whole request. */
  readonly requestMs: number;
  /** How often the two are looked at; Node's own default is half a minute. */
  readonly checkEveryMs: number;
  /** How long an idle connection stays open. */
  readonly keepAliveMs: number;
}

const defaultTimes: ConnectionTimes = { headersMs: 10_000, requestMs: 60_000, checkEveryMs: 1_000, keepAliveMs: 5_000 };

/** A gateway that listens. */
export interface GatewayServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT/v1`, as OpenAI clients take it. */
  readonly baseUrl: string;
  /** Stops listening, stops all runs, and settles when everything is closed and written. */
  close(): Promise<void>;
}

/** Starts the gateway on 127.0.0.1 alone. `port` 0 takes a free one. Rejects where the port is taken. */
export async function startGateway(parts: GatewayParts, port: number, times: ConnectionTimes = defaultTimes): Promise<GatewayServer> {
  let listeningOn = port;
  const app = createGatewayApp(parts, () => listeningOn);
  const serverOptions = {
    headersTimeout: times.headersMs,
    requestTimeout: times.requestMs,
    connectionsCheckingInterval: times.checkEveryMs,
    keepAliveTimeout: times.keepAliveMs,
  };
  // The adapter makes a plain HTTP server unless told otherwise.
  const server = createAdaptorServer({ fetch: app.fetch, hostname: '127.0.0.1', serverOptions }) as Server;
  await listen(server, port);
  const address = server.address();
  listeningOn = typeof address === 'object' && address !== null ? address.port : port;
  return {
    port: listeningOn,
    baseUrl: `http://127.0.0.1:${String(listeningOn)}/v1`,
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      await app.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const message = t('The reasoning API cannot listen on port {0}. Choose another port, or 0 for a free one.', port);
      reject(new StepwiseError('internal', message, { cause }));
    });
    server.listen(port, '127.0.0.1', () => resolve());
  });
}
