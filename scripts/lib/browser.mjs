import { ensureBrowser } from './hostParts.mjs';
import { onEnd } from './processes.mjs';

/** Headless Chromium as a plain window: nothing fetched in the background, no GPU, runs as root and in containers. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/**
 * Starts a headless browser. It ends with this process at the latest: it is driven over a pipe and ends when that
 * closes.
 * @returns {Promise<{ browser: import('playwright-core').Browser, close: () => Promise<void> }>}
 */
export async function openBrowser() {
  const { chromium } = await import('playwright-core');
  const { executable, env } = await ensureBrowser();
  const browser = await chromium.launch({
    executablePath: executable,
    headless: true,
    args: flags,
    env: /** @type {Record<string, string>} */ ({ ...process.env, ...env }),
    // Signals are the scripts' own business: they close the browser with everything else.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const close = async () => {
    forget();
    await browser.close();
  };
  const forget = onEnd(close);
  return { browser, close };
}
