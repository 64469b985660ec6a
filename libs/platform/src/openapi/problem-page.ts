/** The page behind a problem's `type`: plain HTML that reads without style, script or colour; the style only sets measure and spacing. */
import { createHash } from 'node:crypto';
import { problemCodes, problems } from '#contracts';
import type { ProblemCode } from '#contracts';

const style = `:root{color-scheme:light dark}body{font:1.0625rem/1.6 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}h1{line-height:1.25}dt{font-weight:600;margin-top:1rem}dd{margin:0}code{font-size:.95em}`;

/** Lets exactly our style through. */
export const pageSecurityPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

const retryWords = {
  no: 'Do not retry: the same request gets the same answer.',
  after: 'Retry later, with back-off; after Retry-After where the answer has one.',
  'after-approval': 'Retry only after people have acted.',
} as const;

export function problemPage(code: ProblemCode): string {
  const { status, title, retry, cause, mend } = problems[code];
  return page(
    title,
    `<p>Status ${status}, type <code>/errors/${escape(code)}</code></p>
<dl>
<dt>Why this happens</dt><dd>${words(cause)}</dd>
<dt>What to do</dt><dd>${words(mend)}</dd>
<dt>Retry</dt><dd>${words(retryWords[retry])}</dd>
</dl>
<p><a href="/errors">All errors</a></p>`,
  );
}

export function problemIndexPage(): string {
  const items = problemCodes.map(
    (code) => `<li><a href="/errors/${escape(code)}">${escape(problems[code].title)}</a> (${problems[code].status})</li>`,
  );
  return page('Errors', `<ul>\n${items.join('\n')}\n</ul>`);
}

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${body}
</main>
</body>
</html>
`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character]!);
/** The problem table marks code with backquotes. */
const words = (text: string): string => escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');
