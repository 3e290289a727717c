import { describe, expect, it } from 'vitest';
import { panelHtml } from '../../../src/webview/page';

const page = { nonce: 'abc123', cspSource: 'https://*.vscode-cdn.net', scriptUri: 'https://x/panel.js', styleUris: ['https://x/a.css', 'https://x/b.css'], language: 'zh-cn', title: 'Stepwise', place: 'editor' } as const;

/** The policy of a page, by directive. */
function policyOf(html: string): ReadonlyMap<string, string> {
  const content = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'") ?? '';
  return new Map(content.split('; ').map((directive) => [directive.split(' ', 1)[0] ?? '', directive.split(' ').slice(1).join(' ')]));
}

describe('panelHtml', () => {
  it('allows its own script, styles and fonts, and nothing else', () => {
    expect(Object.fromEntries(policyOf(panelHtml(page)))).toEqual({
      'default-src': "'none'",
      'script-src': "'nonce-abc123'",
      'style-src': 'https://*.vscode-cdn.net',
      'font-src': 'https://*.vscode-cdn.net',
      'base-uri': "'none'",
      'form-action': "'none'",
    });
  });

  it('has no inline script or style', () => {
    const html = panelHtml(page);
    expect([...html.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map(([, body]) => body)).toEqual(['']);
    expect(html).not.toMatch(/<style|\son\w+=|style=/);
    expect(html.indexOf('a.css')).toBeLessThan(html.indexOf('b.css'));
    expect(html).toContain('<html lang="zh-cn" data-place="editor">');
  });

  it('lets nothing out of its attributes', () => {
    const html = panelHtml({ ...page, nonce: '"><script>alert(1)</script>', title: '</title><img src=x>', scriptUri: '"onload="x' });
    expect(html).not.toContain('<img');
    expect(html).not.toContain('alert(1)</script>');
    expect(html.match(/<script/g)).toHaveLength(1);
  });
});
