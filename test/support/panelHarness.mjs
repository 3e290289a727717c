/* global window, document, requestAnimationFrame */
/*
 * The panel's page outside of VS Code: the real page with its real policy, script and styles, served on loopback, with
 * the colours of a theme and a `acquireVsCodeApi` that keeps what the page sends and answers as the host would.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { themes } from './panelThemes.mjs';

/** @typedef {import('./panelThemes.mjs').ThemeName} ThemeName */

const types = { '.css': 'text/css', '.ttf': 'font/ttf', '.woff2': 'font/woff2' };

/** The panel's script, and the function that writes its page. */
async function buildPanel(root) {
  const { build } = await import('esbuild');
  const common = { absWorkingDir: root, bundle: true, write: false, target: 'es2023', logLevel: 'warning' };
  const [script, page] = await Promise.all([
    build({ ...common, entryPoints: ['src/webview/main.ts'], platform: 'browser', format: 'iife', minify: true, tsconfig: 'src/webview/tsconfig.json' }),
    build({ ...common, entryPoints: ['src/webview/page.ts'], platform: 'neutral', format: 'esm' }),
  ]);
  const [{ text }] = page.outputFiles;
  const { panelHtml } = await import(`data:text/javascript,${encodeURIComponent(text)}`);
  return { script: script.outputFiles[0].text, panelHtml };
}

/** Only these files are served, by the names that the build gives them. */
const assets = {
  '/codicons/codicon.css': 'node_modules/@vscode/codicons/dist/codicon.css',
  '/codicons/codicon.ttf': 'node_modules/@vscode/codicons/dist/codicon.ttf',
  '/katex/katex.min.css': 'node_modules/katex/dist/katex.min.css',
  '/media/panel.css': 'media/panel.css',
};

function assetFile(path) {
  const font = /^\/katex\/fonts\/([\w-]+\.woff2)$/.exec(path)?.[1];
  return font === undefined ? assets[path] : `node_modules/katex/dist/fonts/${font}`;
}

/**
 * Starts the server and takes over a browser (which stays the caller's).
 * @param {{ root: string, browser: import('playwright-core').Browser }} parts
 */
export async function createPanelHarness({ root, browser }) {
  const { script, panelHtml } = await buildPanel(root);
  const server = createServer((request, response) => {
    void answer(request, response).catch((error) => response.writeHead(500).end(String(error)));
  });
  async function answer(request, response) {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/') {
      const origin = `http://${request.headers.host}`;
      const styleUris = ['/codicons/codicon.css', '/katex/katex.min.css', '/media/panel.css'].map((path) => origin + path);
      response.writeHead(200, { 'content-type': 'text/html' }).end(panelHtml({ nonce: 'harness', cspSource: origin, scriptUri: `${origin}/panel.js`, styleUris, language: 'en', title: 'Stepwise', place: 'editor' }));
    } else if (pathname === '/panel.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
    } else if (assetFile(pathname) !== undefined) {
      const content = await readFile(join(root, assetFile(pathname)));
      response.writeHead(200, { 'content-type': types[extname(pathname)] ?? 'application/octet-stream' }).end(content);
    } else {
      response.writeHead(404).end();
    }
  }
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}/`;
  const contexts = new Set();

  return {
    /**
     * Opens the page in a theme. Its `problems` are violations of the policy, errors and failed loads.
     * @param {{ theme?: ThemeName, width?: number, height?: number, reducedMotion?: boolean, replies?: Record<string, unknown> }} options
     */
    async open({ theme = 'dark', width = 800, height = 900, reducedMotion = false, replies = {} } = {}) {
      const context = await browser.newContext({ viewport: { width, height }, reducedMotion: reducedMotion ? 'reduce' : 'no-preference' });
      contexts.add(context);
      const page = await context.newPage();
      /** @type {string[]} */
      const problems = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') {
          problems.push(message.text());
        }
      });
      await page.addInitScript(preparePage, { ...themes[theme], replies });
      await page.goto(url);
      await page.waitForFunction(() => window.sentMessages?.some(({ type }) => type === 'ready'));
      return {
        page,
        problems,
        /** Sends messages of the host to the page, and waits until it has shown them. */
        async post(...messages) {
          await page.evaluate(async (list) => {
            for (const message of list) {
              window.postMessage(message, '*');
            }
            const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
            for (let count = 0; count < 4; count += 1) {
              await frame();
            }
          }, messages);
        },
        /** Everything that the page has sent so far. */
        sent: () => page.evaluate(() => window.sentMessages),
        /** What the page has asked for so far, without the ids. */
        requests: () => page.evaluate(() => window.sentMessages.flatMap((message) => (message.type === 'request' ? [message.request] : []))),
        close: () => context.close(),
      };
    },
    async close() {
      await Promise.all([...contexts].map((context) => context.close()));
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/** Runs in the page before its own script: what VS Code does there. */
function preparePage({ bodyClass, colors, replies }) {
  const sent = [];
  let state;
  window.sentMessages = sent;
  window.acquireVsCodeApi = () => ({
    postMessage(message) {
      sent.push(structuredClone(message));
      if (message.type === 'request') {
        const reply = replies[message.request.type];
        const content = reply?.error === undefined ? { value: reply?.value ?? null } : { error: reply.error };
        window.postMessage({ type: 'reply', id: message.id, ...content }, '*');
      }
    },
    getState: () => state,
    setState(next) {
      state = next;
    },
  });
  const dress = () => {
    for (const [name, value] of Object.entries(colors)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
    document.body.className = bodyClass;
  };
  document.addEventListener('DOMContentLoaded', dress);
}
