/** docs/config.md, made from the same tables that are read at start: defaults only, no environment, so it is the same everywhere. */
import type { ConfigDefinition } from './define-config.js';

/** A Markdown section per app. */
export function configTable(definition: Pick<ConfigDefinition<unknown, unknown>, 'prefix' | 'describe'>): string {
  const rows = definition.describe({}).map((row) => {
    const fallback = row.required ? 'required' : row.value === '' ? 'unset' : `\`${row.value}\``;
    return `| \`${row.key}\` | ${cell(row.kind)} | ${cell(fallback)} | ${cell(row.help)} |`;
  });
  return [
    `## ${definition.prefix.toLowerCase()}`,
    '',
    '| variable | value | default | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
