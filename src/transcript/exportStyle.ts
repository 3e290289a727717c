/** The style sheet of an exported run: light and dark as the reader has it, on screen and on paper. */
export const exportStyle = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --text: #24292f; --quiet: #57606a; --line: #d5dae0; --code: #f3f5f8; --card: #fafbfc; --link: #0a5dc2;
  --good: #116329; --bad: #b3261e; --warn: #7d4e00; --accent: #0a5dc2;
  --hl-comment: #4a6a3a; --hl-keyword: #0000c8; --hl-string: #a31515; --hl-number: #08704a; --hl-title: #6c4d1d; --hl-type: #1b6477;
  --hl-variable: #001080; --hl-meta: #7a1f8f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #1b1d20; --text: #d6d9dd; --quiet: #a3a9b1; --line: #3a3e44; --code: #25282c; --card: #202327; --link: #74b3ff;
    --good: #7ec699; --bad: #ff9b93; --warn: #e2c06d; --accent: #74b3ff;
    --hl-comment: #8fb57c; --hl-keyword: #7cb9ea; --hl-string: #dba58c; --hl-number: #b5cea8; --hl-title: #dcdcaa; --hl-type: #4ec9b0;
    --hl-variable: #9cdcfe; --hl-meta: #d79bd0;
  }
}
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); background: var(--page); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans CJK SC", sans-serif; }
.page { max-width: 860px; margin: 0 auto; padding: 32px 20px 48px; }
h1 { margin: 0; font-size: 1.55em; line-height: 1.3; overflow-wrap: anywhere; }
h2 { margin: 32px 0 10px; font-size: 1.2em; }
h3, h4, h5, h6 { margin: 1.1em 0 0.4em; font-size: 1.05em; }
p, ul, ol, blockquote, pre, .scroller { margin: 0.6em 0; }
a { color: var(--link); }
code, pre { font: 0.92em/1.5 ui-monospace, "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace; unicode-bidi: isolate; }
:not(pre) > code { padding: 1px 4px; border-radius: 3px; background: var(--code); overflow-wrap: anywhere; }
pre { padding: 10px 14px; border: 1px solid var(--line); border-radius: 5px; background: var(--code); white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
pre code { font-size: inherit; }
blockquote { margin-inline: 0; padding: 2px 14px; border-inline-start: 3px solid var(--line); color: var(--quiet); }
table { border-collapse: collapse; }
th, td { padding: 4px 12px; border: 1px solid var(--line); text-align: start; vertical-align: top; }
.align-center { text-align: center; }
.align-right { text-align: end; }
.scroller { overflow-x: auto; }
math { font-size: 1.08em; }
.facts { color: var(--quiet); font-size: 0.9em; }
.about { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 8px 0 0; color: var(--quiet); }
.outcome { font-weight: 600; }
.outcome.is-answered { color: var(--good); }
.outcome.is-failed { color: var(--bad); }
.outcome.is-limit { color: var(--warn); }
details > summary { cursor: pointer; }
summary:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.given > summary, .call details > summary { color: var(--quiet); font-size: 0.9em; }
.given { margin-top: 14px; }
.steps { margin: 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.steps > li { border-bottom: 1px solid var(--line); }
.step > summary { display: flex; align-items: baseline; gap: 10px; padding: 9px 4px; list-style: none; }
.step > summary::-webkit-details-marker { display: none; }
.step > summary::before { flex: none; width: 0.7em; content: "\\25B8"; color: var(--quiet); }
.step[open] > summary::before { content: "\\25BE"; }
.step > summary:hover { background: var(--card); }
.step-title { flex: 1; min-width: 0; font-weight: 600; overflow-wrap: anywhere; }
.step-body { padding: 0 4px 12px 24px; }
.call { margin: 10px 0; padding-inline-start: 12px; border-inline-start: 2px solid var(--line); }
.call.is-error { border-color: var(--bad); }
.call-head { margin: 0; }
.notices { padding-inline-start: 20px; color: var(--warn); }
.answer { margin-top: 26px; padding: 4px 20px 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
.answer h2 { margin-top: 12px; }
.verdict { margin: 10px 0; padding: 8px 12px; border-inline-start: 3px solid var(--line); background: var(--code); }
.verdict.is-agrees { border-color: var(--good); }
.verdict.is-disagrees { border-color: var(--bad); }
.verdict.is-weaker { border-color: var(--warn); }
.problem { color: var(--bad); }
footer { margin-top: 28px; color: var(--quiet); font-size: 0.9em; }
.hljs-comment, .hljs-quote { color: var(--hl-comment); }
.hljs-keyword, .hljs-literal, .hljs-built_in, .hljs-tag, .hljs-name { color: var(--hl-keyword); }
.hljs-string, .hljs-regexp, .hljs-char, .hljs-link, .hljs-deletion { color: var(--hl-string); }
.hljs-number, .hljs-symbol, .hljs-bullet, .hljs-addition { color: var(--hl-number); }
.hljs-title, .hljs-section { color: var(--hl-title); }
.hljs-title.class_, .hljs-type, .hljs-class { color: var(--hl-type); }
.hljs-variable, .hljs-attr, .hljs-attribute, .hljs-params, .hljs-property, .hljs-template-variable { color: var(--hl-variable); }
.hljs-meta, .hljs-doctag { color: var(--hl-meta); }
@media (max-width: 480px) {
  .page { padding: 20px 12px; }
  .step > summary { flex-wrap: wrap; }
  .step-title { flex-basis: calc(100% - 24px); }
  .step > summary > .facts { padding-inline-start: 22px; }
  .step-body { padding-inline-start: 8px; }
  .answer { padding-inline: 12px; }
}
@media print {
  :root { color-scheme: light; }
  .page { max-width: none; padding: 0; }
  details::details-content { display: block; content-visibility: visible; }
  .step, .call, pre { break-inside: avoid-page; }
}
`;
