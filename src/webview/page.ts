/** What the page of the panel is made of. Addresses are those that `webview.asWebviewUri` gives. */
export interface PanelPage {
  /** A new random value for each page: letters, digits, `-` and `_`. */
  readonly nonce: string;
  /** `webview.cspSource`: where fonts may come from. */
  readonly cspSource: string;
  readonly scriptUri: string;
  /** In this order: codicons, KaTeX, the panel's own. */
  readonly styleUris: readonly string[];
  /** BCP 47 tag of the language of the page, such as `zh-cn`. */
  readonly language: string;
  readonly title: string;
  /** Where the page is: it takes on the colour of what is around it. */
  readonly place: 'editor' | 'side-bar';
}

/**
 * The page of the panel: a head and an empty body, which the script fills with elements. Nothing may be loaded but
 * the one script, by its nonce, and the style sheets and fonts of the extension; inline styles and scripts, images,
 * frames, forms and connections are refused.
 */
export function panelHtml(page: PanelPage): string {
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${page.nonce}'`,
    `style-src ${page.cspSource}`,
    `font-src ${page.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const styles = page.styleUris.map((uri) => `<link rel="stylesheet" href="${escapeAttribute(uri)}">`).join('\n');
  return `<!DOCTYPE html>
<html lang="${escapeAttribute(page.language)}" data-place="${page.place}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeAttribute(page.title)}</title>
${styles}
</head>
<body>
<script nonce="${escapeAttribute(page.nonce)}" src="${escapeAttribute(page.scriptUri)}"></script>
</body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${String(character.charCodeAt(0))};`);
}
