// `npm run verify [-- step …]`: what CI checks besides the tests. All steps run, two at a time; the words of those that fail are shown.
import os from 'node:os';
import { collect } from './run.mjs';

const node = process.execPath;
const tool = (file) => [node, [file]];
const bin = (file, ...args) => [node, [`node_modules/${file}`, ...args]];

// the slow ones first
const steps = {
  lint: bin('eslint/bin/eslint.js', '.'),
  types: bin('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'),
  format: bin('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  docs: tool('tools/check-docs.ts'),
  migrations: tool('scripts/check-migrations.mjs'),
  imports: tool('tools/check-imports.ts'),
  bundles: tool('tools/check-bundle.ts'),
  tree: tool('tools/check-tree.ts'),
  openapi: tool('tools/check-openapi.ts'),
  pages: tool('tools/generated-docs.ts'),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in steps));
if (unknown.length > 0) {
  process.stderr.write(`there is no step ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}\n`);
  process.exit(2);
}
const queue = Object.entries(steps).filter(([name]) => asked.length === 0 || asked.includes(name));
const failed = [];
const started = performance.now();
await Promise.all(Array.from({ length: Math.min(2, os.availableParallelism()) }, work));
const seconds = ((performance.now() - started) / 1000).toFixed(0);
process.stdout.write(
  failed.length === 0 ? `verified in ${seconds} s\n` : `${failed.length} failed: ${failed.join(', ')} (${seconds} s)\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

async function work() {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, [command, args]] = next;
    const begun = performance.now();
    const { code, output } = await collect(command, args, { NO_COLOR: '1' });
    const time = `${((performance.now() - begun) / 1000).toFixed(1)} s`;
    process.stdout.write(`${code === 0 ? '✓' : '✗'} ${name.padEnd(12)}${time.padStart(8)}\n`);
    if (code === 0) continue;
    failed.push(name);
    process.stdout.write(`${output.trim()}\n\n`);
  }
}
