// What each task runs, once the clone is set up. `steps` gives the arguments of Node and what to add to its environment.
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
const ctl = ['--enable-source-maps', 'dist/apps/ctl/src/main.js'];
const kinds = ['unit', 'he', 'vectors', 'integration', 'simulation', 'linkage', 'e2e'];

export const tasks = {
  start: {
    help: 'run the whole service on this machine and play the scenario',
    example: 'npm start -- --empty',
    steps: (options) => [{ args: [...ctl, 'start', ...options] }],
  },
  test: {
    help: 'all tests, simulation and linkage in a bounded share; options go to Jest',
    example: 'npm test -- libs/policy',
    steps: (options) => [{ args: [...jest, ...options] }],
  },
  ...Object.fromEntries(
    kinds.map((kind) => [
      `test:${kind}`,
      {
        help: `the ${kind} tests, all of them in full; options go to Jest`,
        example: `node scripts/task.mjs test:${kind} -t "kill"`,
        steps: (options) => [{ args: [...jest, '--selectProjects', kind, '--', ...options], env: { NYMTALLY_TEST_FULL: '1' } }],
      },
    ]),
  ),
  verify: {
    help: 'what CI checks besides the tests: format, lint, types, imports, bundles, migrations, docs, OpenAPI',
    example: 'npm run verify -- types lint',
    steps: (options) => [{ args: ['scripts/verify.mjs', ...options] }],
  },
  dev: {
    help: 'run the service without the scenario and restart it when a source changes',
    example: 'npm run dev',
    steps: (options) => [{ args: [...ctl, 'start', '--empty', '--watch', ...options] }],
  },
  bench: {
    help: 'measure the service beside its plain twin and print a table',
    example: 'npm run bench -- --quick --json figures.json',
    steps: (options) => [{ args: [...ctl, 'bench', ...options] }],
  },
  ctl: {
    help: "the operator's command line",
    example: 'npm run ctl -- doctor',
    steps: (options) => [{ args: [...ctl, ...options] }],
  },
  'hub-example': {
    help: 'what a hub does, step by step, against a running service',
    example: 'node scripts/task.mjs hub-example',
    steps: (options) => [{ args: ['docs/examples/hub.ts', ...options] }],
  },
  'pseudonym-example': {
    help: 'make a pseudonym at a running service, as somebody who joins a room',
    example: 'node scripts/task.mjs pseudonym-example alice',
    steps: (options) => [{ args: ['docs/examples/pseudonym.ts', ...options] }],
  },
  hub: {
    help: 'a small hub of your own, against a running service',
    example: 'node scripts/task.mjs hub -- --poll',
    steps: (options) => [{ args: ['--enable-source-maps', 'dist/apps/hub/src/main.js', ...options] }],
  },
  'build:hub-sdk': {
    help: 'build the package @nymtally/hub-sdk into dist/packages/hub-sdk',
    example: 'node scripts/task.mjs build:hub-sdk && npm pack ./dist/packages/hub-sdk',
    steps: (options) => [{ args: ['tools/hub-sdk-package/build.ts', ...options] }],
  },
  build: { help: 'set up and compile, nothing else', example: 'node scripts/task.mjs build', steps: () => [] },
};

/** Tasks whose program explains its own options. */
export const hasOwnHelp = (name) =>
  ['start', 'dev', 'bench', 'ctl', 'hub-example', 'pseudonym-example', 'hub', 'build:hub-sdk'].includes(name);

export function helpOf(name) {
  if (name) return `${name}: ${tasks[name].help}\n\nExample: ${tasks[name].example}`;
  const rows = Object.entries(tasks).map(([task, { help }]) => `  ${task.padEnd(18)}${help}`);
  return `Usage: node scripts/task.mjs <task> [options]   (or npm run <task> -- [options])\n\n${rows.join('\n')}`;
}
