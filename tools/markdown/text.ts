/** Markdown (GFM) as far as the checks need it: what is prose, and which anchors its headings make. Pure. */

/** The same text with everything in code blocks, code spans and comments blanked: lines and columns stay. */
export function proseOf(text: string): string {
  let fence: string | undefined;
  const lines = text.split('\n').map((line) => {
    const [, mark] = /^\s*(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === undefined && mark) fence = mark;
    else if (fence === undefined) return line;
    else if (mark && mark[0] === fence[0] && mark.length >= fence.length && line.trim() === mark) fence = undefined;
    return '';
  });
  return lines
    .join('\n')
    .replace(/<!--.*?-->/gs, blank)
    .replace(/(?<!`)(`+)(?!`)[^`](?:.*?[^`])?\1(?!`)/g, blank);
}

const blank = (found: string): string => found.replace(/[^\n]/g, ' ');

/** As GitHub names them: a heading's words, a number behind those that occur again, and ids written in HTML. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  const lines = text.split('\n');
  for (const [index, prose] of proseOf(text).split('\n').entries()) {
    for (const [, id] of prose.matchAll(/<[a-z][^>]*\b(?:id|name)="([^"]+)"/gi)) anchors.add(id!);
    const line = lines[index]!; // code spans count in headings
    const [, marked] = (/^ {0,3}#/.test(prose) && /^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(line)) || [];
    const underlined = /^ {0,3}(=+|-+)\s*$/.test(lines[index + 1] ?? '') && /^ {0,3}[^\s#|>-]/.test(prose) ? line : undefined;
    const heading = marked ?? underlined;
    if (heading !== undefined) anchors.add(unused(anchors, slugOf(heading)));
  }
  return anchors;
}

function unused(anchors: ReadonlySet<string>, slug: string): string {
  if (!anchors.has(slug)) return slug;
  let count = 1;
  while (anchors.has(`${slug}-${count}`)) count += 1;
  return `${slug}-${count}`;
}

const slugOf = (heading: string): string =>
  heading
    .replace(/!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])/g, '$1')
    .replace(/(?<![\w`])_([^_`]+)_(?![\w`])/g, '$1')
    .replace(/<[^>]+>/g, '')
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replaceAll(' ', '-');
