#!/usr/bin/env node
// `nymtally <command>`: the same as `npm run ctl -- <command>`, from any folder.
process.argv.splice(2, 0, 'ctl');
await import('./task.mjs');
